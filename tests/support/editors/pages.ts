import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { temporaryFolder } from '../test-server.ts'

const HERE = fileURLToPath(new URL('./', import.meta.url))
const EDITORS = ['codemirror', 'tiptap'] as const
const STOCK_IMPORT = "import { WebsocketProvider } from 'y-websocket'"
/** The one line that changes. */
const ROOMFUL_IMPORT = "import { RoomfulProvider as WebsocketProvider } from '@roomful/provider'"

/**
 * Builds each editor's page twice: `/<editor>-stock.html` as it stands, `/<editor>-roomful.html` with one import changed.
 *
 * @returns the folder to serve
 */
export async function buildEditorPages(): Promise<string> {
  // inside the repository, so that packages resolve
  const source = join(HERE, '.pages')
  const outDir = temporaryFolder()
  rmSync(source, { recursive: true, force: true })
  mkdirSync(source)
  try {
    const input: string[] = []
    for (const editor of EDITORS) {
      const stock = readFileSync(join(HERE, `${editor}.ts`), 'utf8')
      if (!stock.includes(STOCK_IMPORT)) throw new Error(`${editor}.ts does not import y-websocket`)
      const variants = { stock, roomful: stock.replace(STOCK_IMPORT, ROOMFUL_IMPORT) }
      for (const [variant, code] of Object.entries(variants)) {
        const name = `${editor}-${variant}`
        writeFileSync(join(source, `${name}.ts`), code)
        writeFileSync(join(source, `${name}.html`), page(name))
        input.push(join(source, `${name}.html`))
      }
    }
    await build({
      configFile: false,
      root: source,
      logLevel: 'error',
      resolve: {
        conditions: ['@roomful/source', 'module', 'browser', 'production'],
        dedupe: ['yjs', 'y-protocols', 'lib0'],
      },
      build: { outDir, emptyOutDir: true, minify: false, rolldownOptions: { input } },
    })
  } finally {
    rmSync(source, { recursive: true, force: true })
  }
  // the server takes a folder without one for an app that was not built
  writeFileSync(join(outDir, 'index.html'), '<!doctype html>')
  return outDir
}

const page = (name: string): string =>
  `<!doctype html><link rel="icon" href="data:,"><title>${name}</title><body><script type="module" src="./${name}.ts"></script>`
