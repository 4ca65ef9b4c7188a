import { expect, test } from 'vitest'
import { parse, render, rowsIn, updated } from './coverage.mjs'
import { ROWS } from './rows.mjs'

const follow = { row: 14, file: 'tests/browser/follow.test.ts', test: '[U14] a view is followed' }
const chat = { row: 50, file: 'tests/long/big-chat.test.ts', test: '[U50] 10,000 messages open' }

test('a name may quote several rows', () => {
  expect(rowsIn('[U14] [I4] [U16] following survives')).toEqual([14, 16])
})

test('the rows are 1 to 64, each once and in order', () => {
  expect(ROWS.map(({ row }) => row)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1))
})

test('the document names every row and says where a test is missing', () => {
  const document = render([follow])
  for (const { row } of ROWS) expect(document).toContain(`## U${row} `)
  expect(document).toContain('- `tests/browser/follow.test.ts`: a view is followed')
  expect(document.match(/- no test/g)?.length).toBe(ROWS.length - 1)
})

test('what a run showed replaces what its files had shown; the rest of the document stays', () => {
  const before = render([follow, chat])
  expect(parse(before)).toHaveLength(2)
  const isBrowser = (/** @type {string} */ file) => file.startsWith('tests/browser/')
  expect(updated(before, [follow], isBrowser)).toBe(before)
  const after = updated(before, [{ ...follow, test: '[U14] another name' }], isBrowser)
  expect(after).toContain('another name')
  expect(after).not.toContain('a view is followed')
  expect(after).toContain('10,000 messages open')
})
