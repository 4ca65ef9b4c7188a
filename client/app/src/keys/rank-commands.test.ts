import { expect, test } from 'vitest'
import type { Command } from './command.ts'
import { rankCommands } from './rank-commands.ts'

const command = (id: string, label: string, words?: readonly string[]): Command => ({
  id,
  label,
  ...(words && { words }),
  run: () => {},
})
const groups = [
  { title: 'Board', commands: [command('new', 'New card'), command('zoom', 'Zoom in')] },
  { title: 'Page', commands: [command('light', 'Light theme'), command('dark', 'Dark theme', ['night'])] },
]
const ids = (search: string): string[] =>
  rankCommands(groups, search).flatMap(({ commands }) => commands.map(({ id }) => id))

test('while nothing was typed all stay as they are', () => {
  expect(rankCommands(groups, ' ')).toBe(groups)
})

test('the best come first, in the best group, and what does not fit is left out', () => {
  expect(ids('theme')).toEqual(['light', 'dark'])
  expect(ids('dark')).toEqual(['dark'])
  expect(ids('car')).toEqual(['new'])
  expect(rankCommands(groups, 'dark').map(({ title }) => title)).toEqual(['Page'])
})

test('other words somebody may look for find a command too', () => {
  expect(ids('night')).toEqual(['dark'])
})

test('nothing is found where nothing fits', () => {
  expect(rankCommands(groups, 'xyzzy')).toEqual([])
})
