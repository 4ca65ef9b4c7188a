import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run.mjs'
import { updated } from './coverage.mjs'

/** @typedef {import('../tally.mjs').Tally} Tally */
/** @typedef {import('./coverage.mjs').Evidence} Evidence */

const DOCUMENT = join(ROOT, 'docs', 'ux-coverage.md')

/**
 * The projects whose tests show what a person notices, and the files of each.
 *
 * @type {Readonly<Record<string, (file: string) => boolean>>}
 */
export const PROJECTS = {
  browser: (file) => /^tests\/browser\/[^/]+$/.test(file),
  'browser-long': (file) => file.startsWith('tests/browser/long/'),
  long: (file) => file.startsWith('tests/long/'),
}

/**
 * Compares the document with a whole run of a project, or writes it when `ROOMFUL_UX_WRITE` is set. A run that failed
 * shows too little for either.
 *
 * @param {string} project
 * @param {{ tally: Tally, shown: readonly Evidence[] }} run
 * @returns {Tally} with one more passed, or failed where the document is stale
 */
export function covered(project, { tally, shown }) {
  const wasRun = PROJECTS[project]
  if (wasRun === undefined || tally.failed > 0 || tally.skipped.length > 0) return tally
  const document = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : ''
  const next = updated(document, shown, wasRun)
  if ((process.env.ROOMFUL_UX_WRITE ?? '') !== '') writeFileSync(DOCUMENT, next)
  else if (next !== document) {
    const failure = `docs/ux-coverage.md no longer says what the ${project} tests show: npm run ux-coverage`
    return { ...tally, failed: tally.failed + 1, failures: [...tally.failures, failure] }
  }
  return { ...tally, passed: tally.passed + 1 }
}
