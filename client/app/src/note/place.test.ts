import { Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import { editingLine } from './editing-line.ts'
import { placeOf } from './place.ts'

test('[U59] a place is a line and a column, both from 1', () => {
  const text = Text.of(['one', '', 'three'])
  expect(placeOf(text, 0)).toEqual({ line: 1, column: 1 })
  expect(placeOf(text, 3)).toEqual({ line: 1, column: 4 })
  expect(placeOf(text, 4)).toEqual({ line: 2, column: 1 })
  expect(placeOf(text, 7)).toEqual({ line: 3, column: 3 })
})

test('a place beyond the text is its end', () => {
  expect(placeOf(Text.of(['one']), 99)).toEqual({ line: 1, column: 4 })
  expect(placeOf(Text.of(['one']), -1)).toEqual({ line: 1, column: 1 })
})

test('[U59] the note counts the others', () => {
  expect([0, 1, 2].map(editingLine)).toEqual([
    'Nobody else is editing',
    '1 other editing',
    '2 others editing',
  ])
})
