import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as viteBuild, type Plugin } from 'vite'
import type { Build } from '../src/offline/build.ts'

const WORKER = 'src/offline/worker/service-worker.ts'
/** Of the font only the Latin subset is kept ahead; the others once somebody has needed them. */
const KEPT_FONT = /-latin-wght-/

/**
 * Builds `sw.js`, the service worker, with the list of the build's files in it.
 *
 * @example defineConfig({ plugins: [react(), offline()] })
 */
export function offline(): Plugin {
  let root = '.'
  let publicDir = 'public'
  return {
    name: 'roomful:offline',
    apply: 'build',
    // after vite has written styles and the page
    enforce: 'post',
    configResolved(config) {
      root = config.root
      publicDir = config.publicDir
    },
    async generateBundle(_options, bundle) {
      const outputs = Object.values(bundle)
      const entry = outputs.find((output) => output.type === 'chunk' && output.isEntry)
      if (entry === undefined) throw new Error('the app has no entry')
      const assets = outputs
        .map((output) => output.fileName)
        .filter((name) => /\.(js|css)$/.test(name) || KEPT_FONT.test(name))
      const files = [...assets, ...readdirSync(publicDir)].map((name) => `/${name}`).sort()
      const build: Build = {
        version: versionOf(assets, publicDir, join(root, 'index.html')),
        entry: `/${entry.fileName}`,
        files,
      }
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: await bundleWorker(root, build) })
    },
  }
}

/** Hashed names say what is in them; the other files are read. */
function versionOf(assets: readonly string[], publicDir: string, page: string): string {
  const hash = createHash('sha256').update(assets.toSorted().join('\n')).update(readFileSync(page))
  for (const name of readdirSync(publicDir).toSorted()) {
    hash.update(name).update(readFileSync(join(publicDir, name)))
  }
  return hash.digest('hex').slice(0, 12)
}

async function bundleWorker(root: string, build: Build): Promise<string> {
  const result = await viteBuild({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'silent',
    define: { ROOMFUL_BUILD: JSON.stringify(build) },
    build: {
      write: false,
      target: 'es2022',
      // a classic script: modules as service workers are younger than the browsers we serve
      rollupOptions: { input: join(root, WORKER), output: { format: 'iife', entryFileNames: 'sw.js' } },
    },
  })
  const outputs = Array.isArray(result) ? result : [result]
  for (const one of outputs) {
    const chunk = 'output' in one ? one.output.find((output) => output.type === 'chunk') : undefined
    if (chunk?.type === 'chunk') return chunk.code
  }
  throw new Error('the service worker came out empty')
}
