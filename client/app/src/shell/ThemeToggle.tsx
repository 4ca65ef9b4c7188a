import { Moon, Sun } from 'lucide-react'
import { type ReactElement, useSyncExternalStore } from 'react'
import { IconButton } from '../ui/IconButton.tsx'
import { chooseTheme, currentTheme, subscribeTheme } from './theme.ts'

/** Switches between light and dark; the choice is remembered. */
export function ThemeToggle(): ReactElement {
  const theme = useSyncExternalStore(subscribeTheme, currentTheme)
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <IconButton
      className="wide-only"
      icon={theme === 'dark' ? Moon : Sun}
      label={`Use the ${other} theme`}
      onClick={() => chooseTheme(other)}
    />
  )
}

/** The same with words, where the bar has no room for it. */
export function ThemeButton(): ReactElement {
  const theme = useSyncExternalStore(subscribeTheme, currentTheme)
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <button type="button" className="button quiet" onClick={() => chooseTheme(other)}>
      {theme === 'dark' ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />}
      Use the {other} theme
    </button>
  )
}
