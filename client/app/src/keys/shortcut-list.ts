import { BOARD_GESTURES, BOARD_SHORTCUTS } from '../board/shortcuts.ts'
import type { Shortcut } from './shortcut-registry.ts'

/** One line of the list: any of `keys` does it. */
export interface ShortcutLine {
  readonly label: string
  readonly keys: readonly string[]
}

/** Lines under one heading. */
export interface ShortcutSection {
  readonly title: string
  readonly lines: readonly ShortcutLine[]
}

const PEOPLE: readonly ShortcutLine[] = [
  { keys: ['/'], label: 'Say something at your cursor' },
  { keys: ['Esc'], label: 'Stop following' },
]

const CHAT: readonly ShortcutLine[] = [
  { keys: ['Enter'], label: 'Send the message' },
  { keys: ['Shift+Enter'], label: 'Break the line' },
  { keys: ['↑'], label: 'Edit your last message' },
  { keys: ['@'], label: 'Mention somebody' },
]

/** What other layouts or Shift make of keys that are listed already. */
const SAME_KEYS: ReadonlySet<string> = new Set(['=', '{', '}'])

/** Everything keys do, in sections. */
export function shortcutSections(page: readonly Shortcut[]): readonly ShortcutSection[] {
  const board = (group: string): ShortcutSection => ({
    title: group,
    lines: BOARD_SHORTCUTS.filter((shortcut) => shortcut.group === group).map(({ label, keys }) => ({
      label,
      keys: keys.filter((key) => !SAME_KEYS.has(key)),
    })),
  })
  return [
    { title: 'Page', lines: [...page, ...PEOPLE] },
    board('Board'),
    board('View'),
    { title: 'Chat', lines: CHAT },
    board('Cards'),
    {
      title: 'By hand',
      lines: BOARD_GESTURES.map(({ keys, label }) => ({ keys: [keys.join('+')], label })),
    },
  ]
}
