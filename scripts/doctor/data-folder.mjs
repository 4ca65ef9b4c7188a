import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { ask, field } from './ask.mjs'
import { note, ok, reasonOf, skipped, trouble } from './finding.mjs'

/** A server on this machine answers at once. */
const LOCAL_MS = 2_000

/**
 * Whether a server that starts here now would get its data folder. A folder that the server at `HOST` and `PORT` has is in
 * good hands, and so is one that the server at the given address has.
 *
 * @param {import('./checks.mjs').Checkout} checkout
 */
export async function lookAtDataFolder({ root, env, address: given }) {
  if (env['REDIS_URL']) return [ok('REDIS_URL is set: no folder is used')]
  const setting = env['DATA_DIR'] || './data'
  if (setting === ':memory:') return [note('DATA_DIR=:memory: – nothing is kept: rooms end with the process')]
  const folder = resolve(root, setting)
  const closed = whyClosed(folder)
  if (closed !== undefined)
    return [
      trouble(
        'folder-closed',
        `data folder ${folder} cannot be written (${closed})`,
        'set DATA_DIR to a folder this user can write',
      ),
    ]
  if (!existsSync(join(folder, 'LOCK'))) return [ok(`${folder} is free, and empty as yet`)]
  const holder = await holderOf(folder)
  if (holder === undefined) return [ok(`${folder} is free`)]
  if (holder.kind === 'unknown') return [skipped(`${folder}: ${holder.reason}`)]
  const who = holder.pid === undefined ? 'another process' : `process ${holder.pid}${commandOf(holder.pid)}`
  const address = `http://${env['HOST'] || '127.0.0.1'}:${env['PORT'] || '3000'}`
  for (const place of given === undefined ? [address] : [new URL(given).origin, address])
    if (await keepsFolder(place)) return [ok(`${folder} is used by ${who}, the server at ${place}`)]
  return [
    trouble(
      'folder-in-use',
      `data folder ${folder} is held by ${who}, and no server with a folder answers at ${address}`,
      `stop that process${holder.pid === undefined ? '' : ` (kill ${holder.pid})`}, set DATA_DIR to another folder, or REDIS_URL to run several instances`,
    ),
  ]
}

/** @param {string} folder as the server would make it: with what is missing above it */
function whyClosed(folder) {
  let path = folder
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  try {
    if (!statSync(path).isDirectory()) return `${path} is no folder`
    accessSync(path, constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}

/**
 * Who has the folder's lock. It can only be found out by asking for it: opened and closed again, nothing of what is stored changes.
 *
 * @param {string} folder
 * @returns {Promise<{ kind: 'held', pid: number | undefined } | { kind: 'unknown', reason: string } | undefined>}
 */
async function holderOf(folder) {
  const pid = lockerOf(join(folder, 'LOCK'))
  if (pid !== undefined) return { kind: 'held', pid }
  const loaded = await import('classic-level').catch(() => undefined)
  if (loaded === undefined)
    return {
      kind: 'unknown',
      reason: 'who has it is not known before dependencies are installed (npm start)',
    }
  const store = new loaded.ClassicLevel(folder, { createIfMissing: false })
  try {
    await store.open()
    return undefined
  } catch (error) {
    // classic-level wraps LevelDB's own error
    const cause = error instanceof Error ? error.cause : undefined
    if (field(cause, 'code') === 'LEVEL_LOCKED') return { kind: 'held', pid: undefined }
    return {
      kind: 'unknown',
      reason: `it could not be opened (${reasonOf(cause ?? error)}): start the server, which says why`,
    }
  } finally {
    await store.close()
  }
}

/**
 * The process that has a file locked, where the kernel tells (Linux).
 *
 * @param {string} file
 */
function lockerOf(file) {
  try {
    const { ino } = statSync(file)
    // `1: POSIX  ADVISORY  WRITE 4711 fe:00:131 0 EOF`
    for (const line of readFileSync('/proc/locks', 'utf8').split('\n')) {
      const [, kind, , access, pid, place = ''] = line.split(/\s+/)
      const isIt = kind === 'POSIX' && access === 'WRITE' && place.endsWith(`:${ino}`)
      if (isIt && Number(pid) > 0) return Number(pid)
    }
  } catch {
    // another system: asking for the lock tells as much, but for the name
  }
  return undefined
}

/** @param {number} pid */
function commandOf(pid) {
  try {
    const [command = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    // what it runs, without what is set before it
    const file = args.find((word) => word !== '' && !/^(-|file:)/.test(word)) ?? ''
    return ` (${[basename(command), file].join(' ').trim()})`
  } catch {
    // gone, or another system
    return ''
  }
}

/** @param {string} address */
async function keepsFolder(address) {
  try {
    const { json } = await ask(`${address}/readyz`, { patienceMs: LOCAL_MS })
    return field(field(json, 'storage'), 'kind') === 'embedded'
  } catch {
    // nobody listens there
    return false
  }
}
