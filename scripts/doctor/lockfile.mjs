import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SOURCES } from '../install.mjs'
import { hashOf, stampAt } from '../stamp.mjs'
import { note, ok, trouble } from './finding.mjs'
import { readLockfile, readWorkspace } from './pnpm-lock.mjs'

/** So many differences are named. */
const NAMED = 3

/**
 * Whether the lockfile is the one of the manifests: otherwise `pnpm install --frozen-lockfile`, and so `npm start`, fails.
 *
 * @param {import('./checks.mjs').Checkout} checkout
 */
export function lookAtLockfile({ root }) {
  const read = (/** @type {string} */ name) => readFileSync(join(root, name), 'utf8')
  const { packageManager } = JSON.parse(read('package.json'))
  const again = `run npx ${packageManager} install --lockfile-only, look at the change and commit pnpm-lock.yaml`
  if (!existsSync(join(root, 'pnpm-lock.yaml')))
    return [
      trouble('stale-lockfile', 'there is no pnpm-lock.yaml', `git checkout pnpm-lock.yaml, or ${again}`),
    ]
  const lockfile = readLockfile(read('pnpm-lock.yaml'))
  const workspace = readWorkspace(read('pnpm-workspace.yaml'))
  const differences = difference('pnpm-workspace.yaml', workspace.catalog, lockfile.catalog)
  for (const folder of ['.', ...workspace.packages]) {
    const file = folder === '.' ? 'package.json' : `${folder}/package.json`
    const locked = lockfile.importers.get(folder) ?? new Map()
    differences.push(...difference(file, wanted(JSON.parse(read(file))), locked))
  }
  if (differences.length > 0) {
    const more = differences.length > NAMED ? `, and ${differences.length - NAMED} more` : ''
    const named = `${differences.slice(0, NAMED).join('; ')}${more}`
    return [trouble('stale-lockfile', `pnpm-lock.yaml is not that of the manifests: ${named}`, again)]
  }
  return [ok('pnpm-lock.yaml is that of the manifests'), ...lookAtInstalled(root)]
}

/** @param {string} root */
function lookAtInstalled(root) {
  if (!existsSync(join(root, 'node_modules', '.modules.yaml')))
    return [note('no dependencies are installed yet: npm start installs and builds')]
  const stamp = stampAt(join(root, 'node_modules', '.roomful-install'))
  return stamp.matches(hashOf(root, SOURCES))
    ? []
    : [
        note(
          'manifests have changed since the last install: npm start, or npm run build, brings it up to date',
        ),
      ]
}

/**
 * @param {Partial<Record<string, Record<string, string>>>} manifest
 * @returns {import('./pnpm-lock.mjs').Specifiers}
 */
function wanted(manifest) {
  const kinds = ['peerDependencies', 'optionalDependencies', 'devDependencies', 'dependencies']
  return new Map(kinds.flatMap((kind) => Object.entries(manifest[kind] ?? {})))
}

/**
 * @param {string} file
 * @param {import('./pnpm-lock.mjs').Specifiers} asked
 * @param {import('./pnpm-lock.mjs').Specifiers} locked
 */
function difference(file, asked, locked) {
  const differences = []
  for (const [name, range] of asked) {
    const found = locked.get(name)
    if (found !== range) differences.push(`${file} wants ${name} ${range}, locked is ${found ?? 'nothing'}`)
  }
  for (const name of locked.keys()) if (!asked.has(name)) differences.push(`${file} no longer wants ${name}`)
  return differences
}
