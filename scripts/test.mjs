import { build } from './build.mjs'
import { check } from './check.mjs'
import { ensureChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { main, runTool } from './run.mjs'
import { EMPTY, finish, runVitest, sum } from './tally.mjs'

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
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Tally>}
 */
async function vitestProject(project, env = {}) {
  console.log(`\n${project} tests`)
  // server processes of tests run the build, as a stranger does, and not the source
  return (await runVitest(['--project', project], { env: { ...env, ROOMFUL_TEST_BUILT: '1' } })).tally
}

/** @returns {Promise<Tally>} */
async function browserTests() {
  const chromium = await ensureChromium()
  if ('path' in chromium) return vitestProject('browser', { CHROMIUM_PATH: chromium.path })
  const names = await testNames('browser')
  return { ...EMPTY, skipped: names.map((name) => ({ name, reason: chromium.reason })) }
}

main(import.meta.url, async () => {
  await install()
  await build()
  const tallies = [await check(), await vitestProject('integration'), await browserTests()]
  return finish('test', sum(tallies))
})
