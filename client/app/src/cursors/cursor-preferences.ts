import { useSyncExternalStore } from 'react'
import { Remembered } from '../ui/remembered.ts'

/** What this person wants of cursors, on this device. */
export interface CursorPreferences {
  /** Other people's cursors are not drawn here. */
  readonly hideOthers: boolean
  /** The own cursor is shown to nobody. */
  readonly hideMine: boolean
}

const SHOW_ALL: CursorPreferences = { hideOthers: false, hideMine: false }

const remembered = new Remembered<CursorPreferences>('roomful:cursors', { parse, format: JSON.stringify })

/** Cursor preferences, remembered on this device and shared with its other tabs. */
export const cursorPreferences = {
  get: remembered.get,
  set(change: Partial<CursorPreferences>): void {
    remembered.set({ ...remembered.get(), ...change })
  },
  subscribe: remembered.subscribe,
} as const

/** Follows the preferences. */
export function useCursorPreferences(): CursorPreferences {
  return useSyncExternalStore(cursorPreferences.subscribe, cursorPreferences.get)
}

function parse(text: string | null): CursorPreferences {
  try {
    const stored: unknown = JSON.parse(text ?? 'null')
    if (typeof stored !== 'object' || stored === null) return SHOW_ALL
    return {
      hideOthers: 'hideOthers' in stored && stored.hideOthers === true,
      hideMine: 'hideMine' in stored && stored.hideMine === true,
    }
  } catch {
    // SyntaxError: something else stands under our key
    return SHOW_ALL
  }
}
