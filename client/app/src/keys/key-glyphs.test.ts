import { expect, test } from 'vitest'
import { keyGlyphs } from './key-glyphs.ts'
import { keyWords } from './key-words.ts'

test('[U40] keys are named as the machine’s keyboard has them', () => {
  expect(keyGlyphs('Mod+Shift+Z', true)).toEqual(['⌘', '⇧', 'Z'])
  expect(keyGlyphs('Mod+Shift+Z', false)).toEqual(['Ctrl', 'Shift', 'Z'])
  expect(keyGlyphs('Delete', false)).toEqual(['Del'])
})

test('[U40] a plus is a key of its own', () => {
  expect(keyGlyphs('+', false)).toEqual(['+'])
  expect(keyGlyphs('Mod++', false)).toEqual(['Ctrl', '+'])
})

test('[U40] pictures of keys are spoken as words', () => {
  expect(keyWords(keyGlyphs('Mod+]', true))).toBe('Command Right bracket')
  expect(keyWords(keyGlyphs('?', false))).toBe('Question mark')
})
