import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CACHE, runTool } from './run.mjs'

/** @typedef {import('./tally-reporter.mjs').Tally} Tally */

/** Nothing ran yet. */
export const EMPTY = /** @type {Tally} */ ({
  passed: 0,
  failed: 0,
  failures: [],
  failedFiles: [],
  skipped: [],
  flaky: [],
})

/**
 * Adds up several runs.
 *
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sum(tallies) {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.reduce((total, tally) => total + tally.failed, 0),
    failures: tallies.flatMap((tally) => tally.failures),
    failedFiles: tallies.flatMap((tally) => tally.failedFiles),
    skipped: tallies.flatMap((tally) => tally.skipped),
    flaky: tallies.flatMap((tally) => tally.flaky),
  }
}

/**
 * The line checks read: `N passed, M failed`, and `, K skipped` only when something was.
 *
 * @param {Tally} tally
 */
export function summaryLine({ passed, failed, skipped }) {
  const tail = skipped.length === 0 ? '' : `, ${skipped.length} skipped`
  return `${passed} passed, ${failed} failed${tail}`
}

/**
 * Where nobody reads the reasons, a skipped test has to fail the run.
 *
 * @param {Tally} tally
 * @param {{ canSkip: boolean }} options
 * @returns {Tally} the same, with skips turned into failures when they are not allowed
 */
export function judged(tally, { canSkip }) {
  if (canSkip) return tally
  return { ...tally, failed: tally.failed + tally.skipped.length, skipped: [] }
}

/**
 * Names the tests that failed and those that needed a second try: of a long log often only the end is kept.
 *
 * @param {Tally} tally
 */
export function nameTrouble({ failures, flaky }) {
  for (const failure of failures) console.log(`failed: ${failure}`)
  for (const test of flaky) console.log(`flaky: ${test} (passed when it was tried again)`)
}

/** Skips are allowed at a desk, not in continuous integration. */
export const canSkip = () => (process.env.CI ?? '') === '' || process.env.CI === 'false'

/**
 * Runs vitest and counts.
 *
 * @param {readonly string[]} args for example `['--project', 'unit']`
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 * @returns {Promise<{ tally: Tally, output: string, shown: import('./ux/coverage.mjs').Evidence[] }>} `shown`: the rows
 *   of `docs/ux-coverage.md` that passed tests quote
 */
export async function runVitest(args, { env = {}, quiet = false } = {}) {
  const file = join(CACHE, `tally-${randomUUID()}.json`)
  const uxFile = join(CACHE, `ux-${randomUUID()}.json`)
  const here = dirname(fileURLToPath(import.meta.url))
  const reporters = ['tally-reporter.mjs', 'ux/ux-reporter.mjs'].map(
    (name) => `--reporter=${join(here, name)}`,
  )
  const { code, output } = await runTool('vitest', ['run', ...args, '--reporter=default', ...reporters], {
    env: { ...process.env, ...env, ROOMFUL_TALLY: file, ROOMFUL_UX: uxFile },
    quiet,
  })
  const tally = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : EMPTY
  const shown = existsSync(uxFile) ? JSON.parse(readFileSync(uxFile, 'utf8')) : []
  for (const path of [file, uxFile]) rmSync(path, { force: true })
  // vitest that ends badly without a failed test (out of memory, a bad configuration) must not look green
  if (code !== 0 && tally.failed === 0) {
    const failures = [`vitest ${args.join(' ')}: ended with ${code} without a failed test`]
    return { tally: { ...tally, failed: 1, failures }, output, shown }
  }
  return { tally, output, shown }
}

/**
 * Prints a run's end: why tests were skipped, which ones failed or needed a second try, then the summary as the last line, and
 * leaves the counts for `scripts/ci.mjs`.
 *
 * @param {string} name of the command, for the file with the counts
 * @param {Tally} tally
 * @returns {number} the exit code
 */
export function finish(name, tally) {
  for (const { name: test, reason } of tally.skipped) console.log(`skipped: ${test} (${reason})`)
  nameTrouble(tally)
  const end = judged(tally, { canSkip: canSkip() })
  if (end.skipped.length < tally.skipped.length)
    console.log(`CI is set: each of the ${tally.skipped.length} skipped counts as failed`)
  mkdirSync(CACHE, { recursive: true })
  writeFileSync(join(CACHE, `${name}.json`), JSON.stringify(end))
  console.log(summaryLine(end))
  return end.failed === 0 ? 0 : 1
}
