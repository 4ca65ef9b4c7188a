import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { ROOT } from './run.mjs'
import { forwardSignals } from './signals.mjs'
import { welcome } from './welcome.mjs'

/**
 * Runs a server until it ends: its standard output passes through, signals are handed on, and it ends when we do.
 *
 * @param {string} entry the server's main file
 * @param {{ env?: NodeJS.ProcessEnv, openRoom?: string, onListening?: (url: string) => void }} [options] `openRoom`: the
 *   room the greeting leads to
 * @returns {Promise<number>} the server's exit code
 */
export function serve(entry, { env = process.env, openRoom, onListening } = {}) {
  const leash = pathToFileURL(join(ROOT, 'scripts', 'leash.mjs')).href
  const server = spawn(process.execPath, ['--import', leash, entry], {
    cwd: ROOT,
    env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  forwardSignals(server)
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (server.stdout) })
  lines.on('line', (line) => console.log(line))
  lines.once('line', (line) => {
    welcome(line, { env, ...(openRoom === undefined ? {} : { openRoom }) }).then(
      (text) => console.error(text),
      // the greeting is a courtesy: the server runs whether or not it can be put together
      () => {},
    )
    onListening?.(JSON.parse(line).url)
  })
  return new Promise((settle) => {
    server.once('error', (error) => {
      console.error(`roomful: the server could not be started: ${error.message}`)
      settle(1)
    })
    server.once('close', (code, signal) => {
      if (signal !== null) console.error(`roomful: the server was killed (${signal})`)
      settle(code ?? 1)
    })
  })
}
