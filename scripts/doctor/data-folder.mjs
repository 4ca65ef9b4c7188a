import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { ask, field } from './ask.mjs'
import { note, ok, reasonOf, skipped, trouble } from './finding.mjs'

/** A server on this machine answers at once. */
const LOCAL_MS = 2_000

/**
 * Whether a server that starts here now would get its data folder. A folder that the server at `HOST` and `PORT` has is in
 * good hands, and so is one that the server at the given address has. Nothing is opened and nothing is written.
 *
 * @param {import('./checks.mjs').Checkout} checkout
 * @param {string} [locks] where the kernel lists who has locked what
 */
export async function lookAtDataFolder({ root, env, address: given }, locks = '/proc/locks') {
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
  const holder = holderOf(folder, locks)
  if (holder === undefined) return [ok(`${folder} is free`)]
  if (holder.kind === 'unknown') return [skipped(`${folder}: ${holder.reason}`)]
  const address = `http://${env['HOST'] || '127.0.0.1'}:${env['PORT'] || '3000'}`
  const who = holder.pid === undefined ? 'another process' : `process ${holder.pid}${commandOf(holder.pid)}`
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
 * Who has the folder's lock, as the kernel tells (Linux). Opening the folder would tell on every system, but even a LevelDB that
 * is only opened writes: it replays its log, and begins new files.
 *
 * @param {string} folder
 * @param {string} locks where the kernel lists them
 * @returns {{ kind: 'held', pid: number | undefined } | { kind: 'unknown', reason: string } | undefined}
 */
function holderOf(folder, locks) {
  if (!existsSync(join(folder, 'CURRENT')))
    return { kind: 'unknown', reason: 'it holds no LevelDB: start the server, which says what is wrong' }
  const place = statSync(join(folder, 'LOCK')).ino
  let lines
  try {
    lines = readFileSync(locks, 'utf8').split('\n')
  } catch {
    return { kind: 'unknown', reason: 'this system does not tell who has it: starting the server does' }
  }
  for (const line of lines) {
    // `1: POSIX  ADVISORY  WRITE 4711 fe:00:131 0 EOF`
    const [, kind, , access, pid, where = ''] = line.split(/\s+/)
    if (kind !== 'POSIX' || access !== 'WRITE' || !where.endsWith(`:${place}`)) continue
    // of a process in another container there is a lock and no number
    return { kind: 'held', pid: Number(pid) > 0 ? Number(pid) : undefined }
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
