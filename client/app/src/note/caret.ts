import type { Note } from '@roomful/react'
import { ROOTS } from '@roomful/shared'
import * as Y from 'yjs'

/** What carries the carets. */
export type NoteAwareness = Note['awareness']

/** Where somebody's caret stands in the note: indices of its text, equal where nothing is selected. */
export interface Caret {
  readonly anchor: number
  readonly head: number
}

/** A caret as it travels, in the awareness field `cursor` that editor bindings share: it keeps its place in the text. */
export interface WireCaret {
  readonly anchor: Y.RelativePosition
  readonly head: Y.RelativePosition
}

/** A caret made fit to travel. */
export function toWireCaret(note: Y.Text, caret: Caret): WireCaret {
  return {
    anchor: Y.createRelativePositionFromTypeIndex(note, caret.anchor),
    head: Y.createRelativePositionFromTypeIndex(note, caret.head),
  }
}

/**
 * Reads what anybody's awareness says under `cursor`. `undefined` where that is no caret, belongs to another text, or
 * stands at a letter that has not arrived yet.
 *
 * @example readCaret(awareness.getStates().get(clientId)?.['cursor'], roomDoc(doc).note)
 */
export function readCaret(cursor: unknown, note: Y.Text): Caret | undefined {
  if (typeof cursor !== 'object' || cursor === null) return undefined
  const { anchor, head } = cursor as Partial<Record<string, unknown>>
  const from = readPosition(anchor, note)
  const to = readPosition(head, note)
  return from === undefined || to === undefined ? undefined : { anchor: from, head: to }
}

function readPosition(value: unknown, note: Y.Text): number | undefined {
  const { doc } = note
  if (doc === null || typeof value !== 'object' || value === null) return undefined
  const { item, tname, assoc } = value as Partial<Record<string, unknown>>
  const id = parseId(item)
  // any other root's name would create that root
  if (id === undefined && tname !== ROOTS.note) return undefined
  const position = new Y.RelativePosition(
    null,
    id === undefined ? ROOTS.note : null,
    id ?? null,
    assoc === -1 ? -1 : 0,
  )
  const found = Y.createAbsolutePositionFromRelativePosition(position, doc)
  return found?.type === note ? found.index : undefined
}

function parseId(value: unknown): Y.ID | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { client, clock } = value as Partial<Record<string, unknown>>
  return Number.isSafeInteger(client) && Number.isSafeInteger(clock)
    ? Y.createID(Number(client), Number(clock))
    : undefined
}
