import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The files a package's `exports` promise and do not deliver.
 *
 * @param {string} folder the package's folder, built
 * @returns {string[]} one line for each broken promise
 */
export function brokenExports(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  /** @type {string[]} */
  const broken = []
  for (const [subpath, targets] of Object.entries(manifest.exports ?? {})) {
    const conditions = typeof targets === 'string' ? { default: targets } : targets
    // conditions are tried in order: whatever stands before ours would win over the source in tests
    if (Object.keys(conditions)[0] !== '@roomful/source')
      broken.push(`${manifest.name} ${subpath}: "@roomful/source" has to come first`)
    for (const [condition, target] of Object.entries(conditions))
      if (!existsSync(join(folder, target)))
        broken.push(`${manifest.name} ${subpath} (${condition}): ${target} does not exist`)
  }
  return broken
}

/**
 * Imports every public entry of a built package with this Node, as someone who installed it would.
 *
 * @param {string} folder
 * @returns {Promise<string[]>} one line for each entry that fails to load or exports nothing
 */
export async function unloadableExports(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  /** @type {string[]} */
  const broken = []
  for (const [subpath, targets] of Object.entries(manifest.exports ?? {})) {
    try {
      const names = Object.keys(await import(new URL(targets.default, `file://${folder}/`).href))
      if (names.length === 0) broken.push(`${manifest.name} ${subpath}: exports nothing`)
    } catch (error) {
      broken.push(`${manifest.name} ${subpath}: ${error instanceof Error ? error.message : error}`)
    }
  }
  return broken
}
