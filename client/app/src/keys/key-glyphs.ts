import { partsOf } from './pressed.ts'

const MAC: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Ctrl: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↩',
  Backspace: '⌫',
  Delete: '⌦',
  Esc: 'esc',
  Tab: '⇥',
}
const OTHER: Readonly<Record<string, string>> = { Mod: 'Ctrl', Delete: 'Del' }
/** Whether the keyboard has a Cmd key. */
export function isMac(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iP(hone|ad|od)/.test(navigator.userAgent)
}

/**
 * A shortcut as the keys of this machine are labelled.
 *
 * @example keyGlyphs('Mod+Shift+Z', true) // ['⌘', '⇧', 'Z'], elsewhere ['Ctrl', 'Shift', 'Z']
 */
export function keyGlyphs(shortcut: string, mac: boolean = isMac()): readonly string[] {
  const names = mac ? MAC : OTHER
  return partsOf(shortcut).map((part) => names[part] ?? part)
}
