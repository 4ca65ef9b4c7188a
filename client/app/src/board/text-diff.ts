/** One replacement: at `index`, take `remove` units out and put `insert` in. UTF-16 units, as in Y.Text and textareas. */
export interface Splice {
  readonly index: number
  readonly remove: number
  readonly insert: string
}

/** The part of a Y.Text event's delta that moves a caret. */
export interface DeltaStep {
  readonly retain?: number | undefined
  readonly insert?: unknown
  readonly delete?: number | undefined
}

/**
 * The smallest single replacement that turns `before` into `after`. `caret` (the caret after the edit) settles which of
 * several equal repetitions was typed: in "aa" + "a" only the caret knows where. Never splits a surrogate pair, which
 * Y.Text would replace by U+FFFD.
 *
 * @returns `undefined` when nothing changed.
 */
export function diffText(before: string, after: string, caret: number = after.length): Splice | undefined {
  if (before === after) return undefined
  const shorter = Math.min(before.length, after.length)
  // what stands behind the caret was there before: match the end first, but not beyond the caret
  const maxEnd = Math.min(shorter, after.length - Math.min(caret, after.length))
  let end = 0
  while (end < maxEnd && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  let start = 0
  while (start < shorter - end && before[start] === after[start]) start++
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++

  if (cutsPair(before, start) || cutsPair(after, start)) start--
  if (cutsPair(before, before.length - end) || cutsPair(after, after.length - end)) end--
  return {
    index: start,
    remove: before.length - end - start,
    insert: after.slice(start, after.length - end),
  }
}

/**
 * Where a position lies after a change. At the very place of an insertion, `stay` keeps it in front.
 *
 * @example transformIndex(5, [{ retain: 2 }, { insert: 'abc' }]) // 8
 */
export function transformIndex(index: number, delta: readonly DeltaStep[], stay = true): number {
  let position = 0
  let result = index
  for (const step of delta) {
    if (position > result) break
    if (step.retain !== undefined) position += step.retain
    else if (step.delete !== undefined) result -= Math.min(step.delete, Math.max(0, result - position))
    else if (step.insert !== undefined) {
      const length = typeof step.insert === 'string' ? step.insert.length : 1
      if (position < result || (position === result && !stay)) result += length
      position += length
    }
  }
  return result
}

/** Whether `index` lies between the two halves of a character outside the basic plane. */
function cutsPair(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return false
  return isHigh(text.charCodeAt(index - 1)) && isLow(text.charCodeAt(index))
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff
