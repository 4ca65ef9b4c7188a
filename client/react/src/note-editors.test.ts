import { createUser } from '@roomful/shared'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { createPlaces } from './note-caret.ts'
import { NOTE_EDITORS_INTERVAL_MS, NoteEditors } from './note-editors.ts'

const ada = createUser('ada', 'Ada', '#1c75d6')
const bob = createUser('bob', 'Bob', '#ca4459')
let clock: ManualClientClock
let doc: Y.Doc
let text: Y.Text
let awareness: Awareness
let store: NoteEditors

/** What the wire leaves of a state. */
function plain(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state))
}

/** A caret as y-codemirror writes it. */
function caret(index: number, assoc?: number): unknown {
  const position = Y.createRelativePositionFromTypeIndex(text, index, assoc)
  return plain({ anchor: position, head: position })
}

/** What another connection says, or that it is gone. */
function say(clientId: number, state: unknown): void {
  const known = awareness.states.has(clientId)
  if (typeof state === 'object' && state !== null) awareness.states.set(clientId, { ...state })
  else awareness.states.delete(clientId)
  const removed = awareness.states.has(clientId) ? [] : [clientId]
  awareness.emit('change', [
    {
      added: known || removed.length > 0 ? [] : [clientId],
      updated: known && removed.length === 0 ? [clientId] : [],
      removed,
    },
    'test',
  ])
}

const carets = (): string[] =>
  store.editors.map(({ person, line, column, index }) => `${person.name} ${line}:${column} (${index})`)

beforeEach(() => {
  clock = new ManualClientClock()
  doc = new Y.Doc()
  text = doc.getText('note')
  text.insert(0, 'one\ntwo\nthree')
  awareness = new Awareness(doc)
  store = new NoteEditors({ text, awareness, clock, selfId: () => 'me' })
})
afterEach(() => {
  store.destroy()
  awareness.destroy()
})

describe('the others in the note', () => {
  test('[U59] each has line and column, counted from one, and the index to go to', () => {
    say(1, { user: ada, cursor: caret(5) })
    say(2, { user: bob, cursor: caret(13) })
    expect(carets()).toEqual(['Ada 2:2 (5)', 'Bob 3:6 (13)'])
  })

  test('an empty note has its caret on line one', () => {
    text.delete(0, text.length)
    say(1, { user: ada, cursor: caret(0) })
    expect(carets()).toEqual(['Ada 1:1 (0)'])
  })

  test('who has no caret in the note, and one’s own other tabs, are not in it', () => {
    const other = doc.getText('elsewhere')
    other.insert(0, 'abc')
    const position = Y.createRelativePositionFromTypeIndex(other, 1)
    say(1, { user: ada })
    say(2, { user: ada, cursor: null })
    say(3, { user: bob, cursor: plain({ anchor: position, head: position }) })
    say(4, { user: createUser('me', 'Me', '#1c75d6'), cursor: caret(1) })
    awareness.setLocalStateField('cursor', caret(1))
    expect(carets()).toEqual([])
  })

  test('a person in two tabs is one editor, where their caret moved last', () => {
    say(1, { user: ada, cursor: caret(1) })
    say(2, { user: ada, cursor: caret(6) })
    expect(carets()).toEqual(['Ada 2:3 (6)'])
    say(1, { user: ada, cursor: caret(2) })
    expect(carets()).toEqual(['Ada 1:3 (2)'])
  })

  test('a stock client’s user without an id is a person', () => {
    say(7, { user: { name: 'Kit', color: '#30bced' }, cursor: caret(0) })
    expect(store.editors[0]?.person).toMatchObject({ id: 'client-7', name: 'Kit' })
  })

  test.each([
    ['a number', 5],
    ['another shape', { head: { line: 1 } }],
    ['an absurd id', { head: { item: { client: 'x', clock: -3 } } }],
    ['a negative clock', { head: { item: { client: 1, clock: -1 } } }],
    ['an id nobody knows', { head: { item: { client: 9, clock: 99 } } }],
    ['nothing at all', { head: {} }],
    ['a root of another name', { head: { tname: 'made up' } }],
    ['a root that is no name', { head: { tname: 5 } }],
  ])('%s as a cursor is nobody, and leaves nothing in the document', (_what, cursor) => {
    const roots = [...doc.share.keys()]
    say(1, { user: ada, cursor })
    expect(carets()).toEqual([])
    expect([...doc.share.keys()]).toEqual(roots)
  })
})

describe('following', () => {
  const changed = vi.fn()
  beforeEach(() => {
    changed.mockClear()
    store.subscribe(changed)
  })

  test('a hundred keystrokes within an interval are one change', () => {
    for (let step = 0; step < 100; step++) say(1, { user: ada, cursor: caret(step % 13) })
    clock.advance(NOTE_EDITORS_INTERVAL_MS)
    expect(changed).toHaveBeenCalledTimes(1)
    expect(carets()).toEqual(['Ada 3:1 (8)'])
  })

  test('an edit before a caret moves it', () => {
    say(1, { user: ada, cursor: caret(5) })
    clock.advance(NOTE_EDITORS_INTERVAL_MS)
    text.insert(0, 'zero\n')
    clock.advance(NOTE_EDITORS_INTERVAL_MS)
    expect(carets()).toEqual(['Ada 3:2 (10)'])
  })

  test('pointers, and edits that move no caret, change nothing', () => {
    say(1, { user: ada, cursor: caret(5) })
    clock.advance(NOTE_EDITORS_INTERVAL_MS)
    const before = store.editors
    changed.mockClear()
    for (let step = 0; step < 50; step++) {
      say(1, { user: ada, cursor: caret(5), pointer: { x: step / 50, y: 0 } })
      text.insert(text.length, '!')
      clock.advance(NOTE_EDITORS_INTERVAL_MS)
    }
    expect(changed).not.toHaveBeenCalled()
    expect(store.editors).toBe(before)
  })

  test('one moved caret leaves the other person’s entry as it is', () => {
    say(1, { user: ada, cursor: caret(1) })
    say(2, { user: bob, cursor: caret(2) })
    clock.advance(NOTE_EDITORS_INTERVAL_MS)
    const [first] = store.editors
    say(2, { user: bob, cursor: caret(3) })
    clock.advance(NOTE_EDITORS_INTERVAL_MS)
    expect(store.editors[0]).toBe(first)
    expect(carets()).toEqual(['Ada 1:2 (1)', 'Bob 1:4 (3)'])
  })

  test('who leaves is gone', () => {
    say(1, { user: ada, cursor: caret(1) })
    say(1, null)
    clock.advance(NOTE_EDITORS_INTERVAL_MS)
    expect(carets()).toEqual([])
  })

  test('nobody listening, it listens to nothing', () => {
    const alone = new NoteEditors({ text, awareness, clock, selfId: () => 'me' })
    const before = awareness._observers.get('change')?.size
    const stop = alone.subscribe(changed)
    expect(awareness._observers.get('change')?.size).toBe((before ?? 0) + 1)
    say(1, { user: ada, cursor: caret(1) })
    stop()
    stop()
    store.destroy()
    expect(awareness._observers.get('change')?.size ?? 0).toBe((before ?? 0) - 1)
    expect(clock.waiting).toBe(0)
  })
})

test('lines and columns, at every index of a text', () => {
  const value = 'a\n\nbc\n'
  const place = createPlaces(value)
  for (let index = 0; index <= value.length; index++) {
    const before = value.slice(0, index).split('\n')
    expect(place(index)).toEqual({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1 })
  }
})
