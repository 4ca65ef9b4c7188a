import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, LIBRARIES } from './build.mjs'
import { install } from './install.mjs'
import { main, ROOT, rootManifest, run, Stop } from './run.mjs'

/**
 * Packs the public packages as they would be published.
 *
 * @param {string} folder gets the tarballs; earlier ones in it go
 * @returns {Promise<string[]>} paths, in the order of their imports
 */
export async function pack(folder) {
  mkdirSync(folder, { recursive: true })
  for (const name of tarballsIn(folder)) rmSync(join(folder, name))
  const pnpm = rootManifest().packageManager
  const args = ['--yes', pnpm, 'pack', '--pack-destination', resolve(folder)]
  for (const library of LIBRARIES) {
    const { code, output } = await run('npx', args, { cwd: join(ROOT, library), quiet: true })
    if (code !== 0) throw new Stop(`${library} cannot be packed: ${output.trim()}`)
  }
  const order = LIBRARIES.map((library) => library.split('/').at(-1) ?? '')
  const rank = (/** @type {string} */ file) => order.findIndex((name) => file.startsWith(`roomful-${name}-`))
  return tarballsIn(folder)
    .sort((a, b) => rank(a) - rank(b))
    .map((name) => join(resolve(folder), name))
}

/** @param {string} folder */
const tarballsIn = (folder) => readdirSync(folder).filter((name) => name.endsWith('.tgz'))

main(import.meta.url, async () => {
  await install()
  await build()
  for (const path of await pack(process.argv[2] ?? join(ROOT, 'tests', 'output', 'packages')))
    console.log(path)
})
