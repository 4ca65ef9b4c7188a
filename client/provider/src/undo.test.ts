import { roomDoc } from '@roomful/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { LOCAL_ORIGIN } from './local-origin.ts'
import { createUndo, type Undo } from './undo.ts'

let doc: Y.Doc
let undo: Undo

beforeEach(() => {
  doc = new Y.Doc()
  const { cards, note } = roomDoc(doc)
  undo = createUndo([cards, note], { captureTimeoutMs: 0, trackedOrigins: ['editor'] })
})

afterEach(() => undo.destroy())

function write(text: string, origin: unknown): void {
  doc.transact(() => roomDoc(doc).note.insert(roomDoc(doc).note.length, text), origin)
}

describe('undo', () => {
  test('[U34] undoes own edits only: what came from elsewhere survives', () => {
    write('mine ', LOCAL_ORIGIN)
    write('theirs ', 'provider')
    write('bound ', 'editor')
    expect([undo.canUndo, undo.canRedo]).toEqual([true, false])
    undo.undo()
    undo.undo()
    expect(roomDoc(doc).note.toString()).toBe('theirs ')
    expect([undo.canUndo, undo.canRedo]).toEqual([false, true])
    undo.redo()
    expect(roomDoc(doc).note.toString()).toContain('mine')
  })

  test('[U34] an edit of another copy is never undone here', () => {
    write('mine ', LOCAL_ORIGIN)
    const other = new Y.Doc()
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    roomDoc(other).note.insert(0, 'theirs ')
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'provider')
    undo.undo()
    undo.undo()
    expect(roomDoc(doc).note.toString()).toBe('theirs ')
  })

  test('the chat is not in it', () => {
    doc.transact(() => roomDoc(doc).chat.push([{ id: 'm' }]), LOCAL_ORIGIN)
    expect(undo.canUndo).toBe(false)
  })

  test('[U34] subscribers hear when a button changes, not at every edit', () => {
    let calls = 0
    undo.subscribe(() => calls++)
    write('a', LOCAL_ORIGIN)
    write('b', LOCAL_ORIGIN)
    expect(calls).toBe(1)
    undo.undo()
    expect(calls).toBe(2)
    undo.undo()
    expect(calls).toBe(3)
  })

  test('edits close together are one step, unless the capture is stopped', () => {
    const grouped = createUndo(roomDoc(doc).note, { captureTimeoutMs: 60_000 })
    write('a', LOCAL_ORIGIN)
    write('b', LOCAL_ORIGIN)
    grouped.stopCapturing()
    write('c', LOCAL_ORIGIN)
    grouped.undo()
    expect(roomDoc(doc).note.toString()).toBe('ab')
    grouped.undo()
    expect(roomDoc(doc).note.toString()).toBe('')
    grouped.destroy()
  })
})
