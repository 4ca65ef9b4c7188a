import { spawn } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assertNodeVersion } from './node-version.mjs'

/** The repository's root. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Where scripts keep stamps and results; inside node_modules, so that a fresh install forgets them. */
export const CACHE = join(ROOT, 'node_modules', '.cache', 'roomful')

/** A failure the reader can act on: printed as one line, without a stack. */
export class Stop extends Error {
  /** @param {string} message what happened and what to do about it */
  constructor(message) {
    super(message)
    this.name = 'Stop'
  }
}

/**
 * Runs a script's work when its file was started directly, so that tests can import it without starting anything.
 *
 * @param {string} moduleUrl `import.meta.url` of the caller
 * @param {() => Promise<number | void>} work resolves with the exit code, 0 when nothing is returned
 */
export function main(moduleUrl, work) {
  const started = process.argv[1]
  if (started === undefined || realpathSync(started) !== fileURLToPath(moduleUrl)) return
  assertNodeVersion()
  work().then(
    (code) => {
      process.exitCode = code ?? 0
    },
    (error) => {
      console.error(error instanceof Stop ? `roomful: ${error.message}` : error)
      process.exitCode = 1
    },
  )
}

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, signal?: AbortSignal }} [options] `quiet`
 *   keeps the output back and returns it instead
 * @returns {Promise<{ code: number, output: string }>} `code` is 127 when the command could not be started
 */
export function run(command, args, { cwd = ROOT, env = process.env, quiet = false, signal } = {}) {
  return new Promise((settle) => {
    let output = ''
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      ...(signal === undefined ? {} : { signal }),
    })
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output += chunk.toString()
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.on('error', (error) => settle({ code: 127, output: `${output}${error.message}` }))
    child.on('close', (code) => settle({ code: code ?? 1, output }))
  })
}

/**
 * The JavaScript file behind a tool of ours, to be run with `process.execPath`: `node_modules/.bin` holds shell
 * scripts, which Windows cannot start.
 *
 * @param {string} packageName a dependency of the root package
 * @param {string} [bin] the command, when the package has several or names it differently
 * @returns {string} absolute path
 */
export function toolPath(packageName, bin = packageName) {
  const manifestPath = join(ROOT, 'node_modules', packageName, 'package.json')
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'))
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin]
  return join(dirname(manifestPath), file)
}

/**
 * Runs one of our tools with this Node.
 *
 * @param {string} packageName
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2] & { bin?: string }} [options]
 */
export function runTool(packageName, args, { bin, ...options } = {}) {
  return run(process.execPath, [toolPath(packageName, bin), ...args], options)
}

/** @returns {{ packageManager: string, scripts: Record<string, string> }} the root package.json */
export function rootManifest() {
  return createRequire(import.meta.url)(join(ROOT, 'package.json'))
}

/**
 * Milliseconds as people read them.
 *
 * @param {number} ms
 */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}
