import {
  ArrowRight,
  Eye,
  EyeOff,
  Keyboard,
  KeyboardOff,
  Link2,
  type LucideIcon,
  MessageSquare,
  Moon,
  NotebookPen,
  PanelRight,
  Sun,
  Contrast,
  UserCheck,
  Users,
} from 'lucide-react'
import { cursorPreferences } from '../cursors/cursor-preferences.ts'
import { openPanel, panel, PANEL_TABS } from '../panel/panel-store.ts'
import { copyRoomLink } from '../shell/copy-link.ts'
import { chooseTheme, THEME_WORDS, themeChoice, type ThemeChoice } from '../shell/theme.ts'
import type { Command, CommandGroup } from './command.ts'
import { showKeysDialog } from './keys-dialog.ts'
import { singleKeys } from './single-keys.ts'

const TAB_ICONS: Readonly<Record<string, LucideIcon>> = {
  chat: MessageSquare,
  people: Users,
  note: NotebookPen,
}
const THEMES: readonly (readonly [ThemeChoice, LucideIcon])[] = [
  ['light', Sun],
  ['dark', Moon],
  ['system', Contrast],
]

/** The side panel's tabs; the panel itself only beside the board, where it can be hidden. */
export function panelCommands(isSheet: boolean): CommandGroup {
  const tabs = PANEL_TABS.map((tab): Command => ({
    id: `panel-${tab}`,
    label: tab === 'chat' ? 'Write in the chat' : `Open the ${tab} tab`,
    words: ['panel', 'show', 'message', tab],
    icon: TAB_ICONS[tab] ?? ArrowRight,
    keys: tab === 'chat' ? 'C' : undefined,
    run: () => openPanel(tab, { focus: true }),
  }))
  const toggle: Command = {
    id: 'panel-toggle',
    label: panel.state.isOpen ? 'Hide the side panel' : 'Show the side panel',
    words: ['toggle', 'sidebar'],
    icon: PanelRight,
    run: () => panel.toggle(),
  }
  return { title: 'Panel', commands: isSheet ? tabs : [...tabs, toggle] }
}

/** Themes, the link, what one sees of others, and the keys themselves. */
export function pageCommands(): CommandGroup {
  const { hideOthers, hideMine } = cursorPreferences.get()
  const singles = singleKeys.isOn()
  return {
    title: 'Page',
    commands: [
      {
        id: 'copy-link',
        label: 'Copy the link to this room',
        words: ['share', 'invite'],
        icon: Link2,
        run: () => void copyRoomLink(),
      },
      ...THEMES.filter(([theme]) => theme !== themeChoice()).map(([theme, icon]): Command => ({
        id: `theme-${theme}`,
        label: THEME_WORDS[theme],
        words: ['theme', 'appearance', 'colours', 'colors', 'mode'],
        icon,
        run: () => chooseTheme(theme),
      })),
      {
        id: 'cursors-others',
        label: hideOthers ? 'Show other cursors' : 'Hide other cursors',
        icon: hideOthers ? Eye : EyeOff,
        run: () => cursorPreferences.set({ hideOthers: !hideOthers }),
      },
      {
        id: 'cursors-mine',
        label: hideMine ? 'Show my cursor to others' : 'Hide my cursor from others',
        icon: hideMine ? Eye : EyeOff,
        run: () => cursorPreferences.set({ hideMine: !hideMine }),
      },
      {
        id: 'shortcuts',
        label: 'Keyboard shortcuts',
        words: ['help', 'keys'],
        icon: Keyboard,
        keys: '?',
        run: () => showKeysDialog('shortcuts'),
      },
      {
        id: 'single-keys',
        label: singles ? 'Turn single-key shortcuts off' : 'Turn single-key shortcuts on',
        words: ['accessibility', 'keyboard'],
        icon: singles ? KeyboardOff : Keyboard,
        run: () => singleKeys.set(!singles),
      },
    ],
  }
}

/** Following, person by person. */
export function peopleCommands(
  people: readonly NonNullable<Command['person']>[],
  followed: string | undefined,
  toggle: (userId: string) => void,
): CommandGroup {
  return {
    title: 'People',
    commands: people.map((person): Command => ({
      id: `follow-${person.id}`,
      label: `${person.id === followed ? 'Stop following' : 'Follow'} ${person.user.name}`,
      icon: UserCheck,
      person,
      run: () => toggle(person.id),
    })),
  }
}
