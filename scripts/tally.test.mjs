import { expect, test } from 'vitest'
import { EMPTY, judged, sum, summaryLine } from './tally.mjs'
import { forgiven } from './second-chance.mjs'
import TallyReporter from './tally-reporter.mjs'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const skip = { name: 'a room', reason: 'no Chromium' }

test('runs add up', () => {
  const total = sum([
    { passed: 2, failed: 1, failures: ['a: no'], failedFiles: ['a'], skipped: [skip], flaky: ['late'] },
    { passed: 3, failed: 0, failures: [], failedFiles: [], skipped: [], flaky: [] },
  ])
  expect(total).toEqual({
    passed: 5,
    failed: 1,
    failures: ['a: no'],
    failedFiles: ['a'],
    skipped: [skip],
    flaky: ['late'],
  })
})

test('the last line has the form checks read, with the skipped only when there are some', () => {
  expect(summaryLine({ ...EMPTY, passed: 12 })).toBe('12 passed, 0 failed')
  expect(summaryLine({ ...EMPTY, passed: 12, skipped: [skip] })).toBe('12 passed, 0 failed, 1 skipped')
})

test('a skip counts as a failure where no skip is permitted', () => {
  const tally = { ...EMPTY, passed: 1, failed: 1, skipped: [skip, skip] }
  expect(judged(tally, { canSkip: true })).toEqual(tally)
  expect(judged(tally, { canSkip: false })).toEqual({ ...EMPTY, passed: 1, failed: 3 })
})

/**
 * @param {'passed' | 'failed' | 'skipped'} moduleState
 * @param {readonly { state: string, note?: string, errors?: { message: string, cause?: object }[], flaky?: boolean }[]} results
 */
const module = (moduleState, results) => ({
  state: () => moduleState,
  relativeModuleId: 'rooms.test.ts',
  errors: () => [{ message: 'no such import' }],
  children: {
    allTests: () =>
      results.map((result, index) => ({
        fullName: `test ${index}`,
        result: () => result,
        diagnostic: () => ({ flaky: result.flaky ?? false }),
      })),
  },
})

test.each([
  [
    'every outcome, with the reason of a skip',
    [
      module('failed', [
        { state: 'passed' },
        { state: 'failed', errors: [{ message: 'seed 7', cause: { message: 'expected 1\n  to be 2' } }] },
        { state: 'skipped', note: 'no Redis' },
      ]),
    ],
    [],
    {
      passed: 1,
      failed: 1,
      failures: ['rooms.test.ts > test 1: seed 7, caused by: expected 1 to be 2'],
      failedFiles: ['rooms.test.ts'],
      skipped: [{ name: 'test 2', reason: 'no Redis' }],
      flaky: [],
    },
  ],
  [
    'what passed at its second try, by name',
    [module('passed', [{ state: 'passed' }, { state: 'passed', flaky: true }])],
    [],
    { ...EMPTY, passed: 2, flaky: ['test 1'] },
  ],
  [
    'a file that failed to load as one failure',
    [module('failed', [])],
    [],
    { ...EMPTY, failed: 1, failures: ['rooms.test.ts: no such import'] },
  ],
  [
    'an error outside a test as one failure',
    [module('passed', [{ state: 'passed' }])],
    [new Error('late')],
    { ...EMPTY, passed: 1, failed: 1, failures: ['outside a test: late'] },
  ],
])('the reporter counts %s', (_what, modules, errors, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'roomful-tally-'))
  const reporter = new TallyReporter(join(folder, 'tally.json'))
  // @ts-expect-error -- a stand-in with the three members the reporter reads
  reporter.onTestRunEnd(modules, errors)
  expect(JSON.parse(readFileSync(join(folder, 'tally.json'), 'utf8'))).toEqual(expected)
  rmSync(folder, { recursive: true })
})

test('who passed when tried again is flaky, with what it had said', () => {
  const tally = {
    ...EMPTY,
    passed: 3,
    failed: 1,
    failures: ['a > b: late'],
    failedFiles: ['a'],
    flaky: ['c'],
  }
  expect(forgiven(tally)).toEqual({ ...EMPTY, passed: 4, flaky: ['c', 'a > b: late'] })
})
