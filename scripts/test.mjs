import { build } from './build.mjs'
import { check } from './check.mjs'
import { ensureChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { ensureRedis } from './redis.mjs'
import { main, runTool } from './run.mjs'
import { secondChance } from './second-chance.mjs'
import { EMPTY, finish, runVitest, sum } from './tally.mjs'
import { covered } from './ux/document.mjs'

/** @typedef {import('./tally.mjs').Tally} Tally */

/**
 * Names the tests of a project without running them.
 *
 * @param {string} project
 * @returns {Promise<string[]>}
 */
async function testNames(project) {
  const { output } = await runTool('vitest', ['list', '--project', project, '--json'], { quiet: true })
  const start = output.indexOf('[\n')
  if (start < 0) return [`project ${project}`]
  return JSON.parse(output.slice(start)).map((/** @type {{ name: string }} */ test) => test.name)
}

/**
 * @param {string} project
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] `quiet`: what it prints comes in one piece at its end
 * @returns {Promise<() => Promise<Tally>>} what is left to do once nothing runs beside it
 */
async function vitestProject(project, { env = {}, quiet = false } = {}) {
  if (!quiet) console.log(`\n${project} tests`)
  // server processes of tests run the build, as a stranger does, and not the source
  const built = { ...env, ROOMFUL_TEST_BUILT: '1' }
  const ran = await runVitest(['--project', project], { env: built, quiet })
  if (quiet) console.log(`\n${project} tests\n${ran.output.trimEnd()}`)
  return async () => covered(project, await secondChance(project, ran, built))
}

/**
 * @param {Awaited<ReturnType<typeof ensureChromium>>} chromium
 * @returns {ReturnType<typeof vitestProject>}
 */
async function browserTests(chromium) {
  if ('path' in chromium)
    return vitestProject('browser', { env: { CHROMIUM_PATH: chromium.path }, quiet: true })
  const names = await testNames('browser')
  return async () => ({ ...EMPTY, skipped: names.map((name) => ({ name, reason: chromium.reason })) })
}

main(import.meta.url, async () => {
  await install()
  await build()
  const checked = await check()
  // tests that need it say so themselves where it cannot be had
  await ensureRedis()
  const chromium = await ensureChromium()
  // side by side: the integration tests wait a lot (70 s of an idle client, kills at random moments)
  const ends = await Promise.all([vitestProject('integration*'), browserTests(chromium)])
  const tallies = [checked]
  for (const end of ends) tallies.push(await end())
  return finish('test', sum(tallies))
})
