import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { ensureRedis } from './redis.mjs'
import { install } from './install.mjs'
import { main, ROOT } from './run.mjs'
import { secondChance } from './second-chance.mjs'
import { finish, runVitest, sum } from './tally.mjs'
import { covered } from './ux/document.mjs'

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

/**
 * The seeded unit tests again with `ROOMFUL_SEEDS` times as many seeds, for a night: forty minutes for everything have no room
 * for it on a machine half as fast as a quiet one.
 *
 * @param {Record<string, string>} env
 */
async function moreSeeds(env) {
  const factor = process.env.ROOMFUL_SEEDS
  if (factor === undefined || factor === '') return []
  console.log(`\nunit tests with seeds, ${factor} times as many`)
  const unit = await runVitest(
    ['--project', 'unit', `--testTimeout=${SEEDED_TIMEOUT_MS}`, ...seededTests()],
    { env },
  )
  return [unit.tally]
}

main(import.meta.url, async () => {
  await install()
  await build()
  await ensureRedis()
  const chromium = await ensureChromium()
  const env = {
    ROOMFUL_TEST_BUILT: '1',
    ...('path' in chromium ? { CHROMIUM_PATH: chromium.path } : {}),
  }
  /** @param {string} project */
  const wholeProject = async (project, quiet = false) => {
    const ran = await runVitest(['--project', project], { env, quiet })
    if (quiet) console.log(`\n${project} tests\n${ran.output.trimEnd()}`)
    return async () => covered(project, await secondChance(project, ran, env))
  }
  // browsers wait for timers and frames most of the time, and the soak for its twenty minutes: they run beside the rest
  const tallies = await moreSeeds(env)
  console.log('\nlong tests')
  const ends = await Promise.all([
    wholeProject('browser-long', true),
    wholeProject('soak', true),
    wholeProject('long'),
  ])
  for (const end of ends) tallies.push(await end())
  return finish('test-long', sum(tallies))
})
