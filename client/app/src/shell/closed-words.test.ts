import { CLOSE } from '@roomful/shared'
import { expect, test } from 'vitest'
import { closedWords } from './closed-words.ts'

const words = (code: number) =>
  closedWords({ code, reason: '', meaning: 'some meaning', advice: 'some advice' })
const TERMINAL = Object.values(CLOSE).filter(({ terminal }) => terminal)

test('[U32] every refusal has a title, a reason and a way on of its own', () => {
  const all = TERMINAL.map(({ code }) => words(code))
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length)
  for (const { text, wayLabel } of all) expect([text.length > 20, wayLabel.length > 3]).toEqual([true, true])
})

test('[U32] a code of a later server is told in the table’s words, with its number', () => {
  expect(words(4499)).toMatchObject({ title: 'Some meaning', text: 'Some advice. (Code 4499)' })
})

test('[U32] only a room one was never in offers nothing to take along', () => {
  const without = TERMINAL.filter(({ code }) => !words(code).mayHoldWork)
  expect(without.map(({ code }) => code)).toEqual([CLOSE.forbidden.code])
})
