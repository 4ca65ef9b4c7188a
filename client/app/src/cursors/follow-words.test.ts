import { expect, test } from 'vitest'
import { joinNames } from './follow-words.ts'

test.each([
  [['Ada'], 'Ada'],
  [['Ada', 'Ben'], 'Ada and Ben'],
  [['Ada', 'Ben', 'Cleo'], 'Ada and 2 others'],
])('[U14] followers %j are named as %s', (names, expected) => {
  expect(joinNames(names)).toBe(expected)
})
