import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'

/** @typedef {{ path: string } | { reason: string }} Found */
/** @typedef {{ env?: NodeJS.ProcessEnv, isRoot?: boolean }} Machine where to look; this one by default */

/**
 * Looks a command up as a shell would.
 *
 * @param {readonly string[]} names in order of preference
 * @param {NodeJS.ProcessEnv} [env] its `PATH` is searched
 * @returns {string | undefined} absolute path of the first that can be executed
 */
export function findOnPath(names, env = process.env) {
  for (const name of names)
    for (const folder of (env.PATH ?? '').split(delimiter)) {
      if (folder !== '' && isExecutable(join(folder, name))) return join(folder, name)
    }
  return undefined
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    // absent or not ours to run: both mean "not here"
    return false
  }
}

/**
 * Installs a Debian package, where that can be done without asking anybody: as root, with apt-get there.
 *
 * @param {string} packageName
 * @param {Machine} [machine]
 * @returns {Promise<string | undefined>} why it could not be done
 */
export async function aptInstall(packageName, { env = process.env, isRoot = process.getuid?.() === 0 } = {}) {
  const aptGet = findOnPath(['apt-get'], env)
  if (aptGet === undefined) return 'this is not a Debian system'
  if (!isRoot) return `not root, so apt-get install ${packageName} is yours to run`
  console.error(`roomful: installing ${packageName} with apt-get ...`)
  const quietEnv = { ...env, DEBIAN_FRONTEND: 'noninteractive' }
  // a fresh container has no package lists at all, so that install alone finds nothing
  const update = await run(aptGet, ['update'], { env: quietEnv, quiet: true })
  const args = ['install', '-y', '--no-install-recommends', packageName]
  const install = await run(aptGet, args, { env: quietEnv, quiet: true })
  if (install.code === 0) return undefined
  const lines = `${update.output}\n${install.output}`.split('\n').filter((line) => /^(E:|Err)/.test(line))
  return `apt-get install ${packageName} failed: ${lines.at(-1) ?? `exit code ${install.code}`}`
}

/**
 * Finds a system tool, and on Debian as root installs it when it is missing.
 *
 * @param {{ names: readonly string[], aptPackage: string, advice: string }} tool `advice`: what to do by hand
 * @param {Machine} [machine]
 * @returns {Promise<Found>} never rejects: what cannot be had comes with a one-line reason
 */
export async function ensureTool({ names, aptPackage, advice }, machine = {}) {
  const found = findOnPath(names, machine.env)
  if (found !== undefined) return { path: found }
  const trouble = await aptInstall(aptPackage, machine)
  const installed = findOnPath(names, machine.env)
  if (installed !== undefined) return { path: installed }
  return { reason: `no ${names.join(' or ')} on PATH; ${trouble ?? 'apt-get brought none'}; ${advice}` }
}
