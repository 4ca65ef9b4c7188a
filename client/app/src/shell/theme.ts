import { readDevice, writeDevice } from '../ui/device-storage.ts'

/** The two themes. */
export type Theme = 'light' | 'dark'
/** What a person chooses: a theme, or the system's. */
export type ThemeChoice = Theme | 'system'

/** A choice in words. */
export const THEME_WORDS: Readonly<Record<ThemeChoice, string>> = {
  light: 'Light theme',
  dark: 'Dark theme',
  system: 'Theme of the system',
}

/** Read by public/theme.js too, before the first paint. */
const KEY = 'roomful:theme'
const DARK = '(prefers-color-scheme: dark)'
const listeners = new Set<() => void>()
let choice: ThemeChoice | undefined

/** What was chosen on this device. */
export function themeChoice(): ThemeChoice {
  choice ??= read()
  return choice
}

/** The choice after this one. From the system's it leads to its opposite first, so that the first press shows. */
export function nextTheme(): ThemeChoice {
  const system = systemTheme()
  const other = system === 'dark' ? 'light' : 'dark'
  const now = themeChoice()
  if (now === 'system') return other
  return now === other ? system : 'system'
}

/** Takes a theme and remembers it. */
export function chooseTheme(next: ThemeChoice): void {
  choice = next
  writeDevice(KEY, next === 'system' ? null : next)
  apply()
}

/** Follows the system until the person has chosen, and choices made in other tabs. */
export function followTheme(): () => void {
  const system = matchMedia(DARK)
  const onStorage = (event: StorageEvent): void => {
    if (event.key !== KEY && event.key !== null) return
    choice = read()
    apply()
  }
  system.addEventListener('change', apply)
  addEventListener('storage', onStorage)
  return () => {
    system.removeEventListener('change', apply)
    removeEventListener('storage', onStorage)
  }
}

/** Hears of every choice, and of the system's changes. */
export function subscribeTheme(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function systemTheme(): Theme {
  return matchMedia(DARK).matches ? 'dark' : 'light'
}

function read(): ThemeChoice {
  const stored = readDevice(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

function apply(): void {
  const wanted = themeChoice()
  const theme = wanted === 'system' ? systemTheme() : wanted
  document.documentElement.dataset['theme'] = theme
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', theme === 'dark' ? '#1a1a1e' : '#ffffff')
  for (const listener of listeners) listener()
}
