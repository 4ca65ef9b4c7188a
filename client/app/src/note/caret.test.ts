import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { readCaret, toWireCaret } from './caret.ts'

function noteWith(text: string): Y.Text {
  const note = new Y.Doc().getText('note')
  note.insert(0, text)
  return note
}

/** As it arrives: through JSON. */
function travelled(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

describe('[U52] a caret', () => {
  test('arrives where it was sent from, in the middle and at the end', () => {
    const note = noteWith('hello')
    for (const caret of [
      { anchor: 0, head: 3 },
      { anchor: 5, head: 5 },
      { anchor: 4, head: 1 },
    ]) {
      expect(readCaret(travelled(toWireCaret(note, caret)), note)).toEqual(caret)
    }
  })

  test('keeps its place in the text when others write before it', () => {
    const note = noteWith('hello')
    const wire = travelled(toWireCaret(note, { anchor: 2, head: 2 }))
    note.insert(0, '>> ')
    expect(readCaret(wire, note)).toEqual({ anchor: 5, head: 5 })
  })

  test('is none while the letter it stands at has not arrived', () => {
    const [here, there] = [noteWith('hello'), noteWith('other')]
    expect(readCaret(travelled(toWireCaret(there, { anchor: 1, head: 1 })), here)).toBeUndefined()
  })

  test('of another text is none, and makes no root of a foreign name', () => {
    const note = noteWith('hello')
    const foreign = { anchor: { tname: 'elsewhere', assoc: 0 }, head: { tname: 'elsewhere', assoc: 0 } }
    expect(readCaret(foreign, note)).toBeUndefined()
    expect(note.doc?.share.has('elsewhere')).toBe(false)
  })

  test('that is nonsense is none', () => {
    const note = noteWith('hello')
    const id = { client: note.doc?.clientID, clock: 0 }
    for (const cursor of [
      undefined,
      null,
      7,
      'caret',
      {},
      { anchor: null, head: null },
      { anchor: 1, head: 2 },
      { anchor: { item: { client: 'x', clock: 0 } }, head: { item: id } },
      { anchor: { item: { client: 1.5, clock: -1 } }, head: { item: id } },
      { anchor: { item: id } },
    ]) {
      expect(readCaret(cursor, note), JSON.stringify(cursor)).toBeUndefined()
    }
  })
})
