import { expect, test } from 'vitest'
import { BOARD_SHORTCUTS } from '../board/shortcuts.ts'
import { pageShortcuts } from './page-shortcuts.ts'
import { shortcutSections } from './shortcut-list.ts'

const page = pageShortcuts(() => true)

test('[U40] page and board claim no key twice', () => {
  const keys = [...page, ...BOARD_SHORTCUTS].flatMap((shortcut) => shortcut.keys)
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
  // the cursor chat's own
  expect(keys).not.toContain('/')
})

test('[U40] the list names every command of page and board, each with a key', () => {
  const lines = shortcutSections(page).flatMap((section) => section.lines)
  const labels = new Set(lines.map(({ label }) => label))
  for (const { label } of [...page, ...BOARD_SHORTCUTS]) expect(labels).toContain(label)
  expect(lines.filter(({ keys }) => keys.length === 0)).toEqual([])
})
