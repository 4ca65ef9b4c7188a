import { join } from 'node:path'
import { build } from './build.mjs'
import { install } from './install.mjs'
import { main, ROOT, run } from './run.mjs'

// npm run bench: what is measured is the built server; the bench itself runs from source.
main(import.meta.url, async () => {
  await install()
  await build()
  const node = ['--conditions=@roomful/source', '--import', 'tsx', join(ROOT, 'bench', 'main.ts')]
  const { code } = await run(process.execPath, [...node, ...process.argv.slice(2)])
  return code
})
