import { Remembered } from '../ui/remembered.ts'
import type { KeyPress } from './pressed.ts'

const remembered = new Remembered('roomful:single-keys', {
  parse: (stored) => stored !== 'off',
  format: (isOn) => (isOn ? 'on' : 'off'),
})

/**
 * Whether keys of one character do something by themselves: speech input and some screen readers type them by accident
 * (WCAG 2.1.4), so a person can turn them off. Remembered on this device.
 */
export const singleKeys = {
  isOn: remembered.get,
  set: remembered.set,
  subscribe: remembered.subscribe,
} as const

/** Whether a press is a single character and those have been turned off. Space, Enter, arrows and Delete are none. */
export function isSilenced(event: KeyPress): boolean {
  // names of keys are longer; no single key types what takes two code units
  const isCharacter = event.key.length === 1 && event.key !== ' '
  const isPlain = event.getModifierState('AltGraph') || !(event.ctrlKey || event.metaKey || event.altKey)
  return isCharacter && isPlain && !singleKeys.isOn()
}
