import { type LucideIcon, Moon, Sun, Contrast } from 'lucide-react'
import { type ReactElement, useSyncExternalStore } from 'react'
import { IconButton } from '../ui/IconButton.tsx'
import {
  chooseTheme,
  nextTheme,
  subscribeTheme,
  THEME_WORDS,
  themeChoice,
  type ThemeChoice,
} from './theme.ts'

const ICONS: Readonly<Record<ThemeChoice, LucideIcon>> = { light: Sun, dark: Moon, system: Contrast }
const ACTIONS: Readonly<Record<ThemeChoice, string>> = {
  light: 'Use the light theme',
  dark: 'Use the dark theme',
  system: 'Use the system’s theme',
}

/** Goes round light, dark and the system's; the choice is remembered. Its picture is the choice in force. */
export function ThemeToggle(): ReactElement {
  const choice = useSyncExternalStore(subscribeTheme, themeChoice)
  const next = useSyncExternalStore(subscribeTheme, nextTheme)
  return (
    <IconButton
      className="wide-only"
      icon={ICONS[choice]}
      label={ACTIONS[next]}
      hint="T"
      data-theme-choice={choice}
      onClick={() => chooseTheme(next)}
    />
  )
}

/** The same with words, where the bar has no room for it. */
export function ThemeButton(): ReactElement {
  const choice = useSyncExternalStore(subscribeTheme, themeChoice)
  const next = useSyncExternalStore(subscribeTheme, nextTheme)
  const Icon = ICONS[choice]
  return (
    <button
      type="button"
      className="button quiet"
      aria-label={`${THEME_WORDS[choice]}: ${ACTIONS[next].toLowerCase()}`}
      onClick={() => chooseTheme(next)}
    >
      <Icon size={16} aria-hidden />
      {THEME_WORDS[choice]}
    </button>
  )
}
