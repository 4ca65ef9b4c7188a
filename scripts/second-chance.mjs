import { runVitest } from './tally.mjs'

/** @typedef {Awaited<ReturnType<typeof runVitest>>} Run */

/** With more than that something is broken, and not the machine busy. */
const MOST_FAILURES = 4

/**
 * Runs the files of failed tests again, by themselves: beside browsers and hundreds of clients on two cores that others use too,
 * a second try at once meets the same crowd (docs/decisions/0031). What passes then is named as flaky, with what it had said.
 *
 * @param {string} project
 * @param {Run} ran
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Run>} the run as it stands then; as it was, where one fails again or more than tests failed
 */
export async function secondChance(project, ran, env) {
  const { tally } = ran
  const isOurs = tally.failed > 0 && tally.failed === tally.failedFiles.length
  if (!isOurs || tally.failed > MOST_FAILURES) return ran
  console.log(`\n${project}: ${tally.failed} failed; their files again, alone`)
  const again = await runVitest(['--project', project, '--retry=0', ...new Set(tally.failedFiles)], { env })
  if (again.tally.failed > 0 || again.tally.skipped.length > 0) return ran
  return { ...ran, tally: forgiven(tally), shown: [...ran.shown, ...again.shown] }
}

/**
 * @param {import('./tally.mjs').Tally} tally
 * @returns {import('./tally.mjs').Tally} with its failures as flaky tests
 */
export const forgiven = (tally) => ({
  ...tally,
  passed: tally.passed + tally.failed,
  failed: 0,
  failures: [],
  failedFiles: [],
  flaky: [...tally.flaky, ...tally.failures],
})
