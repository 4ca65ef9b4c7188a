import { build } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { main, Stop } from './run.mjs'
import { runVitest } from './tally.mjs'
import { covered, PROJECTS } from './ux/document.mjs'

main(import.meta.url, async () => {
  await install()
  await build()
  const chromium = await ensureChromium()
  if ('reason' in chromium) throw new Stop(chromium.reason)
  process.env.ROOMFUL_UX_WRITE = '1'
  for (const project of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PROJECTS)) {
    if (PROJECTS[project] === undefined)
      throw new Stop(`${project}: one of ${Object.keys(PROJECTS).join(', ')}, please.`)
    const run = await runVitest(['--project', project, '-t', String.raw`\[U\d+\]`], {
      env: { CHROMIUM_PATH: chromium.path, ROOMFUL_TEST_BUILT: '1' },
    })
    if (run.tally.failed > 0) throw new Stop('a test failed: docs/ux-coverage.md stays as it was.')
    covered(project, { ...run, tally: { ...run.tally, skipped: [] } })
  }
})
