import type { KeyPress } from './pressed.ts'

const KEY = 'roomful:single-keys'
const listeners = new Set<() => void>()
let known: boolean | undefined

/**
 * Whether keys of one character do something by themselves: speech input and some screen readers type them by accident
 * (WCAG 2.1.4), so a person can turn them off. Remembered on this device.
 */
export const singleKeys = {
  isOn(): boolean {
    known ??= read()
    return known
  },
  set(isOn: boolean): void {
    known = isOn
    write(isOn)
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

/** Whether a press is a single character and those have been turned off. Space, Enter, arrows and Delete are none. */
export function isSilenced(event: KeyPress): boolean {
  // names of keys are longer; no single key types what takes two code units
  const isCharacter = event.key.length === 1 && event.key !== ' '
  const isPlain = event.getModifierState('AltGraph') || !(event.ctrlKey || event.metaKey || event.altKey)
  return isCharacter && isPlain && !singleKeys.isOn()
}

function onStorage(event: StorageEvent): void {
  if (event.key !== KEY && event.key !== null) return
  known = read()
  for (const listener of listeners) listener()
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    // SecurityError: storage is blocked
    return true
  }
}

function write(isOn: boolean): void {
  try {
    localStorage.setItem(KEY, isOn ? 'on' : 'off')
  } catch (error) {
    // SecurityError or QuotaExceededError: the choice holds for this page only
    if (!(error instanceof DOMException)) throw error
  }
}
