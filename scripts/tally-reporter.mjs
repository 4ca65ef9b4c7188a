import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * `failures`: what failed and how, a line each; there may be more in `failed` than here. `failedFiles`: the file of each test among
 * them, which is not all of what may fail.
 *
 * @typedef {{ passed: number, failed: number, failures: string[], failedFiles: string[], skipped: { name: string, reason: string }[], flaky: string[] }} Tally
 */

/** Enough of an error to know where to look. */
const FAILURE_CHARACTERS = 600

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
 * @param {string} what
 * @param {readonly unknown[]} [errors]
 */
function failure(what, errors = []) {
  const said = errors.map((error) => causes(error).join(', caused by: ')).join(' | ')
  return `${what}: ${said}`.replace(/\s+/g, ' ').slice(0, FAILURE_CHARACTERS)
}

/**
 * @param {unknown} error
 * @returns {unknown[]} what it says, and what each of its causes does
 */
function causes(error) {
  const { message = error, cause } = /** @type {{ message?: unknown, cause?: unknown }} */ (error ?? {})
  return cause === undefined ? [message] : [message, ...causes(cause)]
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
  const tally = {
    passed: 0,
    failed: unhandledErrors.length,
    failures: unhandledErrors.map((error) => failure('outside a test', [error])),
    failedFiles: [],
    skipped: [],
    flaky: [],
  }
  for (const module of modules) {
    let failedHere = 0
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') {
        tally.passed++
        if (test.diagnostic()?.flaky === true) tally.flaky.push(test.fullName)
      } else if (result.state === 'skipped')
        tally.skipped.push({ name: test.fullName, reason: result.note ?? 'skipped without a reason' })
      else {
        failedHere++
        tally.failedFiles.push(module.relativeModuleId)
        tally.failures.push(failure(`${module.relativeModuleId} > ${test.fullName}`, result.errors))
      }
    }
    // a hook that throws fails its suite while its tests count as skipped
    if (failedHere === 0 && module.state() === 'failed') {
      failedHere = 1
      tally.failures.push(failure(module.relativeModuleId, module.errors()))
    }
    tally.failed += failedHere
  }
  return tally
}
