import { ALONE_INTERVAL_MS, type PresenceStore, type RoomContext } from '@roomful/provider'
import { type CardCaret, POINTER_INTERVAL_MS } from '@roomful/shared'
import type * as Y from 'yjs'
import { DragWriter } from './drag-writer.ts'
import { placeAt } from './text-place.ts'

/** The awareness field that says where somebody writes in a card; `cursor` belongs to editor bindings. */
export const CARET_FIELD = 'caret'

/**
 * Tells the others where the caret of a field stands in a card's text, as seldom as the pointer; nowhere once this is
 * stopped. Returns how to stop.
 */
export function shareCaret(
  { awareness, presence }: Pick<RoomContext, 'awareness'> & { readonly presence: PresenceStore },
  field: HTMLTextAreaElement,
  card: string,
  text: Y.Text,
): () => void {
  const writer = new DragWriter<CardCaret | null>(
    (caret) => awareness.setLocalStateField(CARET_FIELD, caret),
    () => (presence.connections.length === 0 ? ALONE_INTERVAL_MS : POINTER_INTERVAL_MS),
  )
  let last = ''
  const send = (): void => {
    const { selectionStart, selectionEnd, selectionDirection } = field
    const isBackward = selectionDirection === 'backward'
    const anchor = placeAt(text, isBackward ? selectionEnd : selectionStart)
    const head = placeAt(text, isBackward ? selectionStart : selectionEnd)
    const next = JSON.stringify([anchor, head])
    if (next === last) return
    last = next
    writer.push({ card, anchor, head })
  }
  send()
  // the field's own event is young; the document's is everywhere, for any field
  document.addEventListener('selectionchange', send)
  field.addEventListener('input', send)
  return () => {
    document.removeEventListener('selectionchange', send)
    field.removeEventListener('input', send)
    writer.push(null)
    writer.flush()
  }
}
