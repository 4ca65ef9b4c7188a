import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { main, ROOT } from './run.mjs'
import { finish, runVitest, sum } from './tally.mjs'

/** How many times more seeds than in `npm test`: 500 simulated runs become 10,000. */
const SEEDS_FACTOR = '20'

/** The unit tests that have seeds: the others were run by `npm test`, and more of the same would show nothing new. */
const seededTests = () =>
  ['shared', 'server', 'client'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(?!.*node_modules|.*dist).*\.test\.tsx?$/.test(path))
      .map((path) => join(folder, path))
      .filter((path) => readFileSync(join(ROOT, path), 'utf8').includes('support/seeds')),
  )

main(import.meta.url, async () => {
  await install()
  await build()
  const chromium = await ensureChromium()
  const env = {
    ROOMFUL_TEST_BUILT: '1',
    ROOMFUL_SEEDS: process.env.ROOMFUL_SEEDS ?? SEEDS_FACTOR,
    ...('path' in chromium ? { CHROMIUM_PATH: chromium.path } : {}),
  }
  console.log(`\nunit tests with seeds, ${env.ROOMFUL_SEEDS} times as many`)
  const unit = await runVitest(['--project', 'unit', ...seededTests()], { env })
  console.log('\nlong tests')
  const long = await runVitest(['--project', 'long'], { env })
  return finish('test-long', sum([unit.tally, long.tally]))
})
