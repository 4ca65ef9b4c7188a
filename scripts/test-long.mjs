import { build } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { main } from './run.mjs'
import { finish, runVitest, sum } from './tally.mjs'

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
    tallies.push((await runVitest(['--project', project], { env })).tally)
  }
  return finish('test-long', sum(tallies))
})
