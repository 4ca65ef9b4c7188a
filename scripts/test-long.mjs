import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { main, ROOT } from './run.mjs'
import { finish, runVitest, sum } from './tally.mjs'
import { covered } from './ux/document.mjs'

/**
 * How many times more seeds than in `npm test`. Forty minutes for everything are the measure, on a machine half as fast as a
 * quiet one; a night has twenty: `ROOMFUL_SEEDS=20`.
 */
const SEEDS_FACTOR = '2'

/** Many times the work, beside a browser. */
const SEEDED_TIMEOUT_MS = 600_000

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
  /** @param {string} project */
  const wholeProject = async (project, quiet = false) => {
    const ran = await runVitest(['--project', project], { env, quiet })
    if (quiet) console.log(`\n${project} tests\n${ran.output.trimEnd()}`)
    return covered(project, ran)
  }
  // browsers wait for timers and frames most of the time, and the soak for its twenty minutes: they run beside the rest
  const [browser, soak, others] = await Promise.all([
    wholeProject('browser-long', true),
    wholeProject('soak', true),
    (async () => {
      console.log(`\nunit tests with seeds, ${env.ROOMFUL_SEEDS} times as many`)
      const unit = await runVitest(
        ['--project', 'unit', `--testTimeout=${SEEDED_TIMEOUT_MS}`, ...seededTests()],
        { env },
      )
      console.log('\nlong tests')
      return sum([unit.tally, await wholeProject('long')])
    })(),
  ])
  return finish('test-long', sum([browser, soak, others]))
})
