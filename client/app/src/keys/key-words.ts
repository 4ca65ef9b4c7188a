/** Spoken where the picture would not be. */
const WORDS: Readonly<Record<string, string>> = {
  '⌘': 'Command',
  '⇧': 'Shift',
  '⌥': 'Option',
  '↩': 'Return',
  '⌫': 'Backspace',
  '⌦': 'Delete',
  '⇥': 'Tab',
  esc: 'Escape',
  '↑': 'Up arrow',
  '↓': 'Down arrow',
  '/': 'Slash',
  '?': 'Question mark',
  '[': 'Left bracket',
  ']': 'Right bracket',
  '+': 'Plus',
  '-': 'Minus',
  '@': 'At sign',
}

/**
 * Key caps, to be spoken.
 *
 * @example keyWords(['⌘', 'Z']) // 'Command Z'
 */
export function keyWords(glyphs: readonly string[]): string {
  return glyphs.map((glyph) => WORDS[glyph] ?? glyph).join(' ')
}
