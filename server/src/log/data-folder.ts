import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { FORMAT_KEY, WHOLE_FOLDER } from './embedded-keys.ts'
import type { OpenStore, Store } from './level-store.ts'
import { LogError } from './log-error.ts'

/**
 * Version of the folder's layout: keys, records, and what they mean. 2: a record holds the entries of one commit; those of 1, which
 * held one entry, stay as they are until they are compacted.
 */
export const FORMAT_VERSION = 2

/** Who has the folder: one id per start of a process. */
interface FormatRecord {
  readonly version: number
  readonly owner: string
}

/**
 * Opens the folder for the first time in this process: creates what is missing, checks the format, signs as owner.
 *
 * @throws LogError `not-writable`, `folder-in-use`, `format-newer`, `corrupt`: each with one line that helps.
 */
export async function openDataFolder(dir: string, owner: string, openStore: OpenStore): Promise<Store> {
  await ensureFolder(resolve(dir), dir)
  const store = await openStore(dir, true).catch((error: unknown) => Promise.reject(openError(dir, error)))
  try {
    await checkFormat(dir, store)
    // also the proof that the disk takes writes, before anybody is told that we are ready
    await store.write([
      { type: 'put', key: FORMAT_KEY, value: encodeFormat({ version: FORMAT_VERSION, owner }) },
    ])
    return store
  } catch (error) {
    await store.close()
    throw error instanceof LogError ? error : notWritable(dir, error)
  }
}

/**
 * Opens the folder again after a write error. Between close and open another process may have taken it: then the log
 * in it is no longer ours to go on with.
 *
 * @throws LogError `folder-in-use` where it is in other hands, was replaced or is gone.
 */
export async function reopenDataFolder(dir: string, owner: string, openStore: OpenStore): Promise<Store> {
  const store = await openStore(dir, false).catch((error: unknown) => Promise.reject(openError(dir, error)))
  try {
    const record = await readFormat(store)
    if (record?.owner === owner) return store
    throw new LogError(
      'folder-in-use',
      `data folder ${dir} was taken by another process or replaced while its disk failed: restart this process`,
    )
  } catch (error) {
    await store.close()
    throw error
  }
}

async function checkFormat(dir: string, store: Store): Promise<void> {
  const record = await readFormat(store)
  if (record === undefined) {
    for await (const [[key] = []] of store.iterate(WHOLE_FOLDER)) {
      const what = key === FORMAT_KEY ? 'has an unreadable format record' : 'is a LevelDB of another program'
      throw new LogError(
        'corrupt',
        `data folder ${dir} ${what}: set DATA_DIR to another folder or restore a backup`,
      )
    }
    return
  }
  if (record.version > FORMAT_VERSION) {
    throw new LogError(
      'format-newer',
      `data folder ${dir} has format ${record.version}, this version reads up to ${FORMAT_VERSION}: run a newer Roomful`,
    )
  }
}

function encodeFormat(record: FormatRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record))
}

async function readFormat(store: Store): Promise<FormatRecord | undefined> {
  const bytes = await store.get(FORMAT_KEY)
  if (bytes === undefined) return undefined
  try {
    const record: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isFormatRecord(record) ? record : undefined
  } catch {
    // SyntaxError: not written by us
    return undefined
  }
}

function isFormatRecord(value: unknown): value is FormatRecord {
  if (typeof value !== 'object' || value === null) return false
  return (
    'version' in value &&
    Number.isSafeInteger(value.version) &&
    Number(value.version) > 0 &&
    'owner' in value &&
    typeof value.owner === 'string'
  )
}

// not mkdir's `recursive`: on Node 20 that never returns for a path below /proc
async function ensureFolder(path: string, dir: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) return
  if (dirname(path) !== path) await ensureFolder(dirname(path), dir)
  try {
    await mkdir(path)
  } catch (error) {
    const isThereNow = (await stat(path).catch(() => undefined))?.isDirectory() === true
    if (!isThereNow) throw notWritable(dir, error)
  }
}

function notWritable(dir: string, cause: unknown): LogError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new LogError(
    'not-writable',
    `data folder ${dir} is not writable (${reason}): set DATA_DIR to a folder this user can write, or free some space`,
    { cause },
  )
}

function openError(dir: string, error: unknown): LogError {
  if (error instanceof LogError) return error
  // classic-level wraps LevelDB's own error
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  switch (code) {
    case 'LEVEL_LOCKED':
      return new LogError(
        'folder-in-use',
        `data folder ${dir}: folder in use: set REDIS_URL to run several instances, stop the other server, or set DATA_DIR to another folder`,
        { cause: error },
      )
    case 'LEVEL_CORRUPTION':
      return new LogError('corrupt', `data folder ${dir} is damaged (${String(cause)}): restore a backup`, {
        cause: error,
      })
    default:
      return notWritable(dir, cause)
  }
}
