import { between, pick } from './random.mjs'

/** Between two keys, ms: about 65 words a minute. */
const KEY_MS = 130
/** One key in so many is the wrong one, noticed and mended. */
const TYPO_EVERY = 45
const LETTERS = 'etaoinsrhl'.split('')

/**
 * Types into a shared text as a person does: one key at a time, slower after a word and a sentence, with a slip now and
 * then that is taken back.
 *
 * @param {import('yjs').Text} text
 * @param {string} words
 * @param {{ pace: import('./pace.mjs').Pace, random: import('./random.mjs').Random, at?: number,
 *   onCaret?: (index: number) => void }} options `at`: where to begin, the end by default; `onCaret` hears where the caret is
 */
export async function type(text, words, { pace, random, at = text.length, onCaret }) {
  // what others type before our caret moves it along
  let index = at
  const shift = (/** @type {import('yjs').YTextEvent} */ event) => {
    if (event.transaction.local) return
    let position = 0
    for (const { retain = 0, insert, delete: removed = 0 } of event.delta) {
      position += retain
      const inserted = typeof insert === 'string' ? insert.length : 0
      if (position <= index) index = Math.max(position, index + inserted - removed)
      position += inserted
    }
  }
  text.observe(shift)
  const put = (/** @type {string} */ character) => {
    index = Math.min(index, text.length)
    text.insert(index, character)
    index += character.length
    onCaret?.(index)
  }
  try {
    for (const character of words) {
      const hesitation = character === ' ' ? 1.6 : /[.,!?\n]/.test(character) ? 3 : 1
      await pace.pause(KEY_MS * hesitation * between(random, 0.5, 1.5))
      if (random() * TYPO_EVERY < 1) {
        put(pick(random, LETTERS) ?? 'e')
        await pace.pause(KEY_MS * 3)
        if (index > 0) text.delete(--index, 1)
        await pace.pause(KEY_MS)
      }
      put(character)
    }
  } finally {
    text.unobserve(shift)
  }
}

/**
 * Takes a text back key by key, from its end.
 *
 * @param {import('yjs').Text} text
 * @param {number} length so much of it stays
 * @param {import('./pace.mjs').Pace} pace
 */
export async function erase(text, length, pace) {
  while (text.length > length) {
    await pace.pause(KEY_MS / 2)
    // somebody else may have erased it meanwhile
    if (text.length > length) text.delete(text.length - 1, 1)
  }
}
