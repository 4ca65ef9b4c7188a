import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[], flaky: string[] }} Tally */

/**
 * A vitest reporter that writes what `scripts/test.mjs` adds up to the file named by `ROOMFUL_TALLY`. Vitest's own
 * JSON reporter leaves out why a test was skipped, errors outside tests, and files that failed to load.
 */
export default class TallyReporter {
  /** @type {string | undefined} */
  #file

  /** @param {string} [file] given by tests only: vitest passes options of its own */
  constructor(file) {
    this.#file = typeof file === 'string' ? file : process.env.ROOMFUL_TALLY
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const file = this.#file
    if (file === undefined) return
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(tallyOf(modules, unhandledErrors)))
  }
}

/**
 * Counts a run; `flaky` names what passed at its second try only. A file that failed to load counts as one failed test,
 * and so does each error outside a test.
 *
 * @param {readonly import('vitest/node').TestModule[]} modules
 * @param {readonly unknown[]} unhandledErrors
 * @returns {Tally}
 */
function tallyOf(modules, unhandledErrors) {
  /** @type {Tally} */
  const tally = { passed: 0, failed: unhandledErrors.length, skipped: [], flaky: [] }
  for (const module of modules) {
    let failedHere = 0
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') {
        tally.passed++
        if (test.diagnostic()?.flaky === true) tally.flaky.push(test.fullName)
      } else if (result.state === 'skipped')
        tally.skipped.push({ name: test.fullName, reason: result.note ?? 'skipped without a reason' })
      else failedHere++
    }
    // a hook that throws fails its suite while its tests count as skipped
    if (failedHere === 0 && module.state() === 'failed') failedHere = 1
    tally.failed += failedHere
  }
  return tally
}
