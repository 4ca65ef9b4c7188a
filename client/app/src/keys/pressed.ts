/** What is needed of a `KeyboardEvent`. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'getModifierState'
>

/**
 * Whether a key press is one of `keys`: `KeyboardEvent.key` in upper case behind its modifiers, `Mod` for Cmd and Ctrl.
 *
 * @example if (pressed(['Mod+Shift+Z', 'Mod+Y'], event)) redo()
 */
export function pressed(keys: readonly string[], event: KeyPress): boolean {
  return keys.some((shortcut) => {
    const parts = partsOf(shortcut)
    const key = parts.at(-1) ?? ''
    const wants = (name: string): boolean => parts.slice(0, -1).includes(name)
    const isMod = event.ctrlKey || event.metaKey
    // where brackets need AltGr, it reports itself as Ctrl and Alt
    if (event.getModifierState('AltGraph')) return parts.length === 1 && event.key === key
    if (isMod !== wants('Mod') || event.altKey) return false
    // characters that only Shift makes are asked for by themselves
    const isShifted = event.shiftKey && (key.length > 1 || /[A-Z]/.test(key) || wants('Shift'))
    return isShifted === wants('Shift') && event.key.toUpperCase() === key.toUpperCase()
  })
}

/** "Mod+Shift+Z" in its parts; a plus can be the key itself. */
export function partsOf(shortcut: string): readonly string[] {
  return shortcut.split(/\+(?=.)/)
}
