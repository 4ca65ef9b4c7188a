import type * as Y from 'yjs'
import { type DeltaStep, diffText, transformIndex } from './text-diff.ts'

/** What the binding needs of a textarea. */
export interface TextField extends EventTarget {
  value: string
  selectionStart: number
  selectionEnd: number
  readonly selectionDirection: 'forward' | 'backward' | 'none'
  setSelectionRange(start: number, end: number, direction?: 'forward' | 'backward' | 'none'): void
}

/**
 * Binds a textarea to a shared text, both ways: each input becomes the smallest replacement, remote changes appear at
 * once and leave caret and selection where they were in the text. While an input method composes, nothing is written in
 * either direction (setting the value would end the composition); the commit is placed where the text has moved to.
 *
 * @param origin The transaction origin of local changes: the one the undo manager tracks.
 * @returns unbinds; a composition still open is committed.
 */
export function bindText(field: TextField, text: Y.Text, origin: unknown): () => void {
  let shown = text.toJSON()
  let composing: DeltaStep[][] | undefined
  field.value = shown

  const commit = (): void => {
    const splice = diffText(shown, field.value, field.selectionEnd)
    const moves = composing ?? []
    composing = undefined
    shown = field.value
    // what others put in at the start of a replaced piece is not part of it
    const from = move(splice?.index ?? field.selectionEnd, moves, splice === undefined || splice.remove === 0)
    if (splice !== undefined) {
      const to = move(splice.index + splice.remove, moves, true)
      const write = (): void => {
        if (to > from) text.delete(from, to - from)
        if (splice.insert !== '') text.insert(from, splice.insert)
      }
      if (text.doc) text.doc.transact(write, origin)
      else write()
    }
    if (moves.length > 0) {
      const caret = from + (splice?.insert.length ?? 0)
      show(caret, caret)
    }
  }

  const show = (start: number, end: number): void => {
    const { selectionDirection } = field
    shown = text.toJSON()
    if (field.value !== shown) field.value = shown
    field.setSelectionRange(start, end, selectionDirection)
  }

  const onInput = (): void => {
    if (composing === undefined) commit()
  }
  const onCompositionStart = (): void => {
    composing = []
  }
  const onText = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
    if (transaction.origin === origin && field.value === text.toJSON()) {
      shown = field.value
      return
    }
    const delta: DeltaStep[] = event.delta.map(({ retain, insert, delete: removed }) => ({
      retain,
      insert,
      delete: removed,
    }))
    if (composing !== undefined) composing.push(delta)
    else show(transformIndex(field.selectionStart, delta), transformIndex(field.selectionEnd, delta))
  }

  field.addEventListener('input', onInput)
  field.addEventListener('compositionstart', onCompositionStart)
  field.addEventListener('compositionend', commit)
  text.observe(onText)
  return () => {
    if (composing !== undefined) commit()
    field.removeEventListener('input', onInput)
    field.removeEventListener('compositionstart', onCompositionStart)
    field.removeEventListener('compositionend', commit)
    text.unobserve(onText)
  }
}

function move(index: number, deltas: readonly (readonly DeltaStep[])[], stay: boolean): number {
  return deltas.reduce((at, delta) => transformIndex(at, delta, stay), index)
}
