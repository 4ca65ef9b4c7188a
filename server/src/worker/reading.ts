import { isSameUnits, type UnitsToCompare } from '../room/compare-units.ts'
import { withoutPast } from '../room/past.ts'
import { readUpdate } from '../room/read-update.ts'
import type { LayoutFacts } from '../room/update-layout.ts'
import type { ReadRequest } from '../update-reader.ts'

/** What the reading thread answers: a layout as plain numbers, which change hands. */
export type ReadAnswer =
  | {
      readonly kind: 'read'
      readonly facts: LayoutFacts
      /** Where a past was taken out: what is left. */
      readonly bytes: Uint8Array<ArrayBuffer> | undefined
    }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'full' }

/** Reads one update. `transfer`: what the answer may take along. */
export function answerReading({ update, maxStructs, past }: ReadRequest): {
  readonly answer: ReadAnswer
  readonly transfer: ArrayBuffer[]
} {
  const current = past === undefined ? update : withoutPast(update, past)
  if (current === undefined) return { answer: { kind: 'malformed', reason: 'not an update' }, transfer: [] }
  const result = readUpdate(current, maxStructs)
  if (result.kind !== 'read') return { answer: result, transfer: [] }
  const facts = result.layout.facts()
  const bytes = past === undefined ? undefined : current.slice()
  const transfer = facts.arrays.map((array) => array.buffer)
  if (bytes !== undefined) transfer.push(bytes.buffer)
  return { answer: { kind: 'read', facts, bytes }, transfer }
}

/** What the thread answers to {@link answerComparing}. */
export interface CompareAnswer {
  readonly kind: 'compared'
  readonly isSame: boolean
}

/** Compares two accounts of the same units. */
export function answerComparing(units: UnitsToCompare): CompareAnswer {
  return { kind: 'compared', isSame: isSameUnits(units) }
}
