import { build } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { main } from './run.mjs'
import { finish, runVitest, sum } from './tally.mjs'
import { staleness } from './ux-coverage.mjs'

/** How many times more seeds than in `npm test`: 500 simulated runs become 10,000. */
const SEEDS_FACTOR = '20'

main(import.meta.url, async () => {
  await install()
  await build()
  const chromium = await ensureChromium()
  const env = {
    ROOMFUL_TEST_BUILT: '1',
    ROOMFUL_SEEDS: process.env.ROOMFUL_SEEDS ?? SEEDS_FACTOR,
    ...('path' in chromium ? { CHROMIUM_PATH: chromium.path } : {}),
  }
  const tallies = []
  for (const project of ['unit', 'long']) {
    console.log(`\n${project} tests, ${env.ROOMFUL_SEEDS} times the seeds`)
    const { tally, shown } = await runVitest(['--project', project], { env })
    const isWhole = tally.failed === 0 && tally.skipped.length === 0
    const stale =
      isWhole && project === 'long' ? staleness(shown, (file) => file.startsWith('tests/long/')) : undefined
    if (stale !== undefined) console.log(stale)
    tallies.push(stale === undefined ? tally : { ...tally, failed: 1 })
  }
  return finish('test-long', sum(tallies))
})
