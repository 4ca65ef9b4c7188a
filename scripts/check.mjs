import { join } from 'node:path'
import { copyWorkers, LIBRARIES } from './build.mjs'
import { brokenExports, unloadableExports } from './exports.mjs'
import { install } from './install.mjs'
import { main, ROOT, runTool, seconds } from './run.mjs'
import { runVitest, EMPTY, sum, summaryLine } from './tally.mjs'

/** @typedef {import('./tally.mjs').Tally} Tally */
/** @typedef {{ ok: boolean, output: string, tally?: Tally }} Outcome */

/**
 * @param {string} packageName
 * @param {readonly string[]} args
 * @param {string} [bin]
 * @returns {Promise<Outcome>}
 */
async function tool(packageName, args, bin) {
  const { code, output } = await runTool(packageName, args, {
    quiet: true,
    ...(bin === undefined ? {} : { bin }),
  })
  return { ok: code === 0, output }
}

/** Everything is type-checked: packages, app, tests, scripts, and the workers' JavaScript through JSDoc. */
async function types() {
  const outcome = await tool('typescript', ['-b', 'tsconfig.json', 'server/tsconfig.workers.json'], 'tsc')
  if (outcome.ok) copyWorkers()
  return outcome
}

/** Needs the types step: it builds what the packages export. */
async function packageExports() {
  /** @type {string[]} */
  const broken = []
  for (const folder of LIBRARIES.map((library) => join(ROOT, library)))
    broken.push(...brokenExports(folder), ...(await unloadableExports(folder)))
  return { ok: broken.length === 0, output: broken.join('\n') }
}

/** @returns {Promise<Outcome>} */
async function unit() {
  const { tally, output } = await runVitest(['--project', 'unit'], { quiet: true })
  return { ok: tally.failed === 0, output, tally }
}

/**
 * Runs one step and prints its line; a step's own output only when it fails.
 *
 * @param {string} name
 * @param {() => Promise<Outcome>} work
 * @returns {Promise<Tally>}
 */
async function step(name, work) {
  const started = performance.now()
  const { ok, output, tally } = await work()
  const detail = tally === undefined ? '' : `  ${summaryLine(tally)}`
  if (!ok) console.log(output.trimEnd())
  console.log(
    `${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(8)} ${seconds(performance.now() - started)}${detail}`,
  )
  // a step without tests of its own counts as one
  if (tally !== undefined) return tally
  return ok ? { ...EMPTY, passed: 1 } : { ...EMPTY, failed: 1, failures: [`npm run check: ${name}`] }
}

/**
 * Format, lint, types, exports and unit tests. All steps run, so that one failure does not hide another.
 *
 * @returns {Promise<Tally>} each step counts as one test, the unit tests as themselves
 */
export async function check() {
  const quick = await Promise.all([
    step('format', () => tool('oxfmt', ['--check', '.'])),
    step('types', types),
  ])
  // type-aware lint reads the packages' declarations, and the exports need the compiled files
  const rest = [
    await step('lint', () => tool('oxlint', ['--type-aware', '--deny-warnings', '.'])),
    await step('exports', packageExports),
    await step('unit', unit),
  ]
  return sum([...quick, ...rest])
}

main(import.meta.url, async () => {
  await install()
  const tally = await check()
  console.log(summaryLine(tally))
  return tally.failed === 0 ? 0 : 1
})
