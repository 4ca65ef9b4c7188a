import { openPanel } from '../panel/panel-store.ts'
import { chooseTheme, nextTheme, THEME_WORDS } from '../shell/theme.ts'
import { toast } from '../ui/toast.ts'
import { showKeysDialog } from './keys-dialog.ts'
import { type Shortcut, ShortcutRegistry } from './shortcut-registry.ts'

/** The one registry of the page. */
export const shortcuts: ShortcutRegistry = new ShortcutRegistry()

/** What keys do wherever one is in a room; the board's own stand in `board/shortcuts.ts`. */
export function pageShortcuts(isUsable: () => boolean): readonly Shortcut[] {
  return [
    {
      id: 'palette',
      label: 'Find any command, room or person',
      group: 'Page',
      keys: ['Mod+K'],
      run: () => showKeysDialog('palette'),
    },
    {
      id: 'shortcuts',
      label: 'Show this list',
      group: 'Page',
      // the second one works when keys of one character are turned off
      keys: ['?', 'Mod+/'],
      run: () => showKeysDialog('shortcuts'),
    },
    {
      id: 'chat',
      label: 'Write in the chat',
      group: 'Page',
      keys: ['C'],
      run: () => openPanel('chat', { focus: true }),
      when: isUsable,
    },
    { id: 'theme', label: 'Next theme', group: 'Page', keys: ['T'], run: turnTheme },
  ]
}

/** The next theme, said aloud: it may look the same as the one before. */
export function turnTheme(): void {
  const next = nextTheme()
  chooseTheme(next)
  toast(THEME_WORDS[next])
}
