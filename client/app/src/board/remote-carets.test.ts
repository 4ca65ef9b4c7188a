import { createUser, roomDoc } from '@roomful/shared'
import { beforeEach, describe, expect, test } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { CARET_FIELD } from './own-caret.ts'
import { caretRange, RemoteCarets } from './remote-carets.ts'
import { absolutePlace, placeAt } from './text-place.ts'

let mine: Y.Doc
let theirs: Y.Doc
let here: Awareness
let there: Awareness
let carets: RemoteCarets
let text: Y.Text
let remote: Y.Text

function deliver(): void {
  applyAwarenessUpdate(here, encodeAwarenessUpdate(there, [there.clientID]), 'test')
}

function put(anchor: number, head: number): void {
  const caret = { card: 'card', anchor: placeAt(remote, anchor), head: placeAt(remote, head) }
  there.setLocalState({ user: createUser('ben', 'Ben', '#1c75d6'), [CARET_FIELD]: caret })
  deliver()
}

beforeEach(() => {
  mine = new Y.Doc()
  theirs = new Y.Doc()
  remote = new Y.Text('Hello world')
  roomDoc(theirs).cards.set('card', new Y.Map([['text', remote]]))
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs))
  const card = roomDoc(mine).cards.get('card')
  const found: unknown = card instanceof Y.Map ? card.get('text') : undefined
  text = found instanceof Y.Text ? found : new Y.Text()
  here = new Awareness(mine)
  there = new Awareness(theirs)
  carets = new RemoteCarets(here)
})

describe('[U52] others’ carets in a card', () => {
  test('stand at their letters, whatever is typed in front of them here', () => {
    carets.subscribe(() => {})
    put(6, 11)
    const [caret] = carets.of('card')
    expect(caret?.user.name).toBe('Ben')
    if (caret === undefined) return
    expect(caretRange(caret, text)).toEqual({ anchor: 6, head: 11 })
    text.insert(0, '>> ')
    expect(caretRange(caret, text)).toEqual({ anchor: 9, head: 14 })
    text.delete(0, 9)
    expect(caretRange(caret, text)).toEqual({ anchor: 0, head: 5 })
  })

  test('what is typed here at their caret comes behind it, as in their own field', () => {
    expect(absolutePlace(text, placeAt(text, 5))).toBe(5)
    const place = placeAt(text, 5)
    text.insert(5, ', dear')
    expect(absolutePlace(text, place)).toBe(5)
  })

  test('wait for letters that have not come yet, and are nowhere in another text', () => {
    carets.subscribe(() => {})
    remote.insert(11, '!')
    put(12, 12)
    const [caret] = carets.of('card')
    if (caret === undefined) throw new Error('the caret is there')
    expect(caretRange(caret, text)).toBeUndefined()
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs))
    expect(caretRange(caret, text)).toEqual({ anchor: 12, head: 12 })
    expect(caretRange(caret, roomDoc(mine).note)).toBeUndefined()
  })

  test('a moved pointer is no news, a moved caret is, and none is left when they stop', () => {
    let calls = 0
    const off = carets.subscribe(() => calls++)
    put(3, 3)
    const before = carets.of('card')
    there.setLocalStateField('pointer', { x: 0.1, y: 0.2 })
    deliver()
    expect(calls).toBe(1)
    expect(carets.of('card')).toBe(before)
    put(4, 4)
    expect(calls).toBe(2)
    there.setLocalStateField(CARET_FIELD, null)
    deliver()
    expect(carets.of('card')).toEqual([])
    off()
    put(5, 5)
    expect(calls).toBe(3)
  })

  test.each([
    ['a text', 'x'],
    ['no place', { card: 'card', anchor: {}, head: {} }],
    [
      'a wrong id',
      { card: 'card', anchor: { item: { client: 'a', clock: 1 } }, head: { tname: 'note', assoc: 0 } },
    ],
    ['no card', { anchor: { tname: 'note' }, head: { tname: 'note' } }],
  ])('what a foreign client wrote is passed over: %s', (_, value) => {
    carets.subscribe(() => {})
    there.setLocalState({ user: createUser('ben', 'Ben', '#1c75d6'), [CARET_FIELD]: value })
    deliver()
    expect(carets.of('card')).toEqual([])
  })
})
