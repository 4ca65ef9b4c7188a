import { useSyncExternalStore } from 'react'

/** What this person wants of cursors, on this device. */
export interface CursorPreferences {
  /** Other people's cursors are not drawn here. */
  readonly hideOthers: boolean
  /** The own cursor is shown to nobody. */
  readonly hideMine: boolean
}

const KEY = 'roomful:cursors'
const SHOW_ALL: CursorPreferences = { hideOthers: false, hideMine: false }

const listeners = new Set<() => void>()
let current: CursorPreferences | undefined

/** Cursor preferences, remembered on this device and shared with its other tabs. */
export const cursorPreferences = {
  get(): CursorPreferences {
    current ??= read()
    return current
  },
  set(change: Partial<CursorPreferences>): void {
    current = { ...cursorPreferences.get(), ...change }
    write(current)
    for (const listener of listeners) listener()
  },
  subscribe(listener: () => void): () => void {
    if (listeners.size === 0) addEventListener('storage', onStorage)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) removeEventListener('storage', onStorage)
    }
  },
} as const

/** Follows the preferences. */
export function useCursorPreferences(): CursorPreferences {
  return useSyncExternalStore(cursorPreferences.subscribe, cursorPreferences.get)
}

function onStorage(event: StorageEvent): void {
  if (event.key !== KEY && event.key !== null) return
  current = read()
  for (const listener of listeners) listener()
}

function read(): CursorPreferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    if (typeof stored !== 'object' || stored === null) return SHOW_ALL
    return {
      hideOthers: 'hideOthers' in stored && stored.hideOthers === true,
      hideMine: 'hideMine' in stored && stored.hideMine === true,
    }
  } catch {
    // SecurityError: storage is blocked; SyntaxError: something else stands under our key
    return SHOW_ALL
  }
}

function write(preferences: CursorPreferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences))
  } catch (error) {
    // SecurityError or QuotaExceededError: the choice holds for this page only
    if (!(error instanceof DOMException)) throw error
  }
}
