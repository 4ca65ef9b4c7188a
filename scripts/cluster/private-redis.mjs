import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stop } from '../run.mjs'

const LEASH = fileURLToPath(new URL('redis-leash.mjs', import.meta.url))
const START_MS = 20_000
/** A port is free when it is looked for, not when Redis starts. */
const ATTEMPTS = 5
/** What is kept of what it prints, to say why it did not start. */
const OUTPUT_CHARACTERS = 4_000

/**
 * A Redis that is nobody else's: a free port of 127.0.0.1, an append-only file in a temporary folder that goes with it. It
 * ends when this process does, however that comes about.
 *
 * @param {string} command where `redis-server` is
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 * @throws {Stop} where it does not start
 */
export async function startPrivateRedis(command) {
  let why = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const redis = await launch(command, await freePort())
    if (typeof redis !== 'string') return redis
    why = redis
  }
  throw new Stop(`${command} does not start: ${why}`)
}

/**
 * @param {string} command
 * @param {number} port
 * @returns {Promise<{ url: string, stop: () => Promise<void> } | string>} its last words where it does not start
 */
async function launch(command, port) {
  const folder = mkdtempSync(join(tmpdir(), 'roomful-cluster-'))
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
  ]
  // a group of its own: Ctrl-C in the terminal reaches the instances first, which still have to write
  const leash = spawn(process.execPath, [LEASH, folder, command, ...settings], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  // not `close`: Node 20 never emits it once we have disconnected ourselves
  const ended = new Promise((settle) => leash.once('exit', settle).once('error', settle))
  const stop = async () => {
    if (leash.connected) leash.disconnect()
    await ended
  }
  let output = ''
  const isUp = await new Promise((settle) => {
    const listen = (/** @type {Buffer} */ bytes) => {
      output = (output + String(bytes)).slice(-OUTPUT_CHARACTERS)
      if (output.includes('eady to accept connections')) settle(true)
    }
    leash.stdout?.on('data', listen)
    leash.stderr?.on('data', listen)
    const timer = setTimeout(settle, START_MS, false)
    void ended.then(() => {
      clearTimeout(timer)
      settle(false)
    })
  })
  if (isUp) return { url: `redis://127.0.0.1:${port}`, stop }
  await stop()
  return output.trim().split('\n').at(-1) ?? ''
}

/** @returns {Promise<number>} a port that was free a moment ago */
function freePort() {
  return new Promise((settle, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => settle(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
