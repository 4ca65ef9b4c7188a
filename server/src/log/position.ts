import type { Position } from './room-log.ts'

/** `Number.MAX_SAFE_INTEGER` has 16 digits; padded to them, positions sort as strings. */
const POSITION_DIGITS = 16

/** Before everything. */
export const START: Position = ''

/** The position of a sequence number; 0 is {@link START}. */
export function encodePosition(sequence: number): Position {
  return sequence === 0 ? START : String(sequence).padStart(POSITION_DIGITS, '0')
}

/** The sequence number of a position of ours, `undefined` for foreign strings. */
export function parsePosition(position: Position): number | undefined {
  if (position === START) return 0
  if (!/^[0-9]{16}$/.test(position)) return undefined
  const sequence = Number(position)
  return Number.isSafeInteger(sequence) && sequence > 0 ? sequence : undefined
}
