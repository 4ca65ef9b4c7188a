/** The two themes; without a choice of the person's the system's holds. */
export type Theme = 'light' | 'dark'

/** Written by public/theme.js too, before the first paint. */
const KEY = 'roomful:theme'
const DARK = '(prefers-color-scheme: dark)'

/** The theme in force. */
export function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light'
}

/** Takes a theme and remembers it. */
export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme)
  } catch (error) {
    // SecurityError or QuotaExceededError: the choice holds for this page only
    if (!(error instanceof DOMException)) throw error
  }
  apply(theme)
}

/** Follows the system until the person has chosen, and choices made in other tabs. */
export function followTheme(): () => void {
  const system = matchMedia(DARK)
  const follow = (): void => apply(storedTheme() ?? (system.matches ? 'dark' : 'light'))
  const onStorage = (event: StorageEvent): void => {
    if (event.key === KEY) follow()
  }
  system.addEventListener('change', follow)
  addEventListener('storage', onStorage)
  return () => {
    system.removeEventListener('change', follow)
    removeEventListener('storage', onStorage)
  }
}

/** Hears of every change of the theme. */
export function subscribeTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

function storedTheme(): Theme | undefined {
  try {
    const stored = localStorage.getItem(KEY)
    return stored === 'light' || stored === 'dark' ? stored : undefined
  } catch {
    // SecurityError: storage is blocked
    return undefined
  }
}

function apply(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', theme === 'dark' ? '#1a1a1e' : '#ffffff')
}
