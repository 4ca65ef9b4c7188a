import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { main, ROOT, rootManifest, run, seconds, Stop } from './run.mjs'
import { hashOf, stampAt } from './stamp.mjs'

/** What decides whether the installed packages are still the right ones. */
export const SOURCES = [
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'package.json',
  'shared/package.json',
  'server/package.json',
  'client/provider/package.json',
  'client/react/package.json',
  'client/app/package.json',
]

/**
 * The last line of a package manager's output that says something, without its decoration.
 *
 * @param {string} output
 */
export function reasonIn(output) {
  const lines = output
    .split('\n')
    // eslint-disable-next-line no-control-regex -- colours are control characters
    .map((line) => line.replace(/\u001b\[[0-9;]*m/g, '').trim())
    .filter((line) => line !== '')
  return lines.find((line) => /ERR_|ERR!|error/i.test(line)) ?? lines.at(-1) ?? 'no output'
}

/**
 * Installs the dependencies exactly as locked, unless that has been done. With everything in place it neither
 * starts a process nor touches the network.
 *
 * @returns {Promise<void>} rejects with a `Stop` naming the cause
 */
export async function install() {
  const stamp = stampAt(join(ROOT, 'node_modules', '.roomful-install'))
  const hash = hashOf(ROOT, SOURCES)
  if (stamp.matches(hash) && existsSync(join(ROOT, 'node_modules', '.modules.yaml'))) return
  const started = performance.now()
  console.error('roomful: installing dependencies, which takes a while the first time ...')
  stamp.clear()
  const args = ['--yes', rootManifest().packageManager, 'install', '--frozen-lockfile']
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  const { code, output } = await run(npx, args, { quiet: true })
  if (code !== 0) {
    console.error(output.trimEnd())
    throw new Stop(
      `dependencies could not be installed (${reasonIn(output)}). Is the npm registry reachable? See: npm config get registry`,
    )
  }
  stamp.write(hash)
  console.error(`roomful: dependencies installed in ${seconds(performance.now() - started)}`)
}

main(import.meta.url, install)
