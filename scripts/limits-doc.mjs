import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { install } from './install.mjs'
import { limitsDocument, testsOf } from './limits/table.mjs'
import { main, ROOT, runTool } from './run.mjs'

// npm run limits-doc: docs/limits.md from shared/src/limits.ts and the names of the tests.
main(import.meta.url, async () => {
  await install()
  await runTool('typescript', ['-b', 'shared'], { bin: 'tsc' })
  const { LIMIT_SPECS } = await import(pathToFileURL(join(ROOT, 'shared/dist/limits.js')).href)
  writeFileSync(join(ROOT, 'docs/limits.md'), limitsDocument(LIMIT_SPECS, testsOf(ROOT)))
})
