import { createUser, POINTER_INTERVAL_MS, TYPING_CLEAR_MS, TYPING_INTERVAL_MS } from '@roomful/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  applyAwarenessUpdate,
  Awareness,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import * as Y from 'yjs'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { ALONE_INTERVAL_MS, DROP_GRACE_MS, PresenceStore } from './presence-store.ts'

const ada = createUser('ada', 'Ada', '#ca4459')
const bob = createUser('bob', 'Bob', '#00855f')
const cleo = createUser('cleo', 'Cleo', '#1c75d6')

let clock: ManualClientClock
let awareness: Awareness
let store: PresenceStore
let frames: number
const others: Awareness[] = []

beforeEach(() => {
  clock = new ManualClientClock()
  awareness = new Awareness(new Y.Doc())
  store = new PresenceStore(awareness, clock)
  store.setUser(ada)
  frames = 0
  awareness.on('update', (_change: unknown, origin: unknown) => {
    if (origin === 'local') frames++
  })
})

afterEach(() => {
  for (const other of [awareness, ...others.splice(0)]) other.destroy()
})

/** Another connection; returns how it says something. */
function join(state: Record<string, unknown>): {
  id: number
  say: (fields: Record<string, unknown>) => void
} {
  const other = new Awareness(new Y.Doc())
  others.push(other)
  const id = other.clientID
  const say = (fields: Record<string, unknown>): void => {
    other.setLocalState({ ...other.getLocalState(), ...fields })
    applyAwarenessUpdate(awareness, encodeAwarenessUpdate(other, [id]), 'remote')
  }
  say(state)
  return { id, say }
}

function leave(...ids: number[]): void {
  removeAwarenessStates(awareness, ids, 'remote')
}

describe('who is here', () => {
  test('[U3] others are people, sorted by name, without oneself and without what is no presence', () => {
    join({ user: cleo })
    join({ user: bob })
    join({ user: ada })
    join({ user: 'somebody' })
    join({ cursor: { anchor: 1 } })
    expect(store.others.map((person) => person.user.name)).toEqual(['Bob', 'Cleo'])
    expect(store.self?.user).toEqual(ada)
  })

  test('[U16] two connections of one person are one person', () => {
    const first = join({ user: bob, selection: ['a'], status: 'away' })
    const second = join({ user: bob, selection: ['a', 'b'], status: 'active', typing: true })
    expect(store.others).toEqual([
      {
        id: 'bob',
        user: bob,
        typing: true,
        selection: ['a', 'b'],
        status: 'active',
        following: null,
        hidesPointer: false,
        clientIds: [first.id, second.id].sort((a, b) => a - b),
      },
    ])
    leave(first.id)
    expect(store.others.map((person) => person.clientIds)).toEqual([[second.id]])
    leave(second.id)
    expect(store.others).toEqual([])
  })

  test('[U19] names of others are cleaned: no bidi tricks, at most 28 characters, markup is text', () => {
    join({ user: { ...bob, name: `\u202E<img onerror>${'x'.repeat(40)}` } })
    const name = store.others[0]?.user.name ?? ''
    expect(name.startsWith('<img onerror>')).toBe(true)
    expect(name.length).toBe(28)
  })

  test('snapshots keep their reference until something in them changed', () => {
    const other = join({ user: bob })
    join({ user: cleo })
    const { others: before, connections } = store
    const kept = before.find((person) => person.id === 'cleo')
    other.say({ pointer: { x: 0.1, y: 0.1 } })
    other.say({ cursor: { anchor: 3 } })
    expect(store.others).toBe(before)
    expect(store.connections).toBe(connections)
    other.say({ typing: true })
    expect(store.others).not.toBe(before)
    expect(store.others.find((person) => person.id === 'cleo')).toBe(kept)
  })

  test('pointer moves and views call their own listeners and nobody else', () => {
    let people = 0
    const points: unknown[] = []
    const views: unknown[] = []
    const other = join({ user: bob })
    store.subscribe(() => people++)
    store.onPointer((id, pointer) => points.push([id, pointer]))
    store.onView((id, view) => views.push([id, view]))
    other.say({ pointer: { x: 0.25, y: 0.5 } })
    other.say({ pointer: { x: 2, y: 0.5 } })
    other.say({ view: { x: 0.1, y: 0.2, width: 0.5, height: 0.4 } })
    expect(points).toEqual([
      [other.id, { x: 0.25, y: 0.5 }],
      [other.id, null],
    ])
    expect(views).toEqual([[other.id, { x: 0.1, y: 0.2, width: 0.5, height: 0.4 }]])
    expect(people).toBe(0)
    expect(store.viewOf(other.id)).toEqual({ x: 0.1, y: 0.2, width: 0.5, height: 0.4 })
  })

  test('the pointer of somebody who leaves is taken away', () => {
    const other = join({ user: bob, pointer: { x: 0.25, y: 0.5 } })
    const points: unknown[] = []
    store.onPointer((id, pointer) => points.push([id, pointer]))
    expect(store.pointerOf(other.id)).toEqual({ x: 0.25, y: 0.5 })
    leave(other.id)
    expect(points).toEqual([[other.id, null]])
    expect(store.pointerOf(other.id)).toBeNull()
  })

  test('[U27] a short drop of one’s own connection shows nothing; a long one empties the list', () => {
    const other = join({ user: bob, pointer: { x: 0.5, y: 0.5 } })
    let changes = 0
    store.subscribe(() => changes++)
    store.hold()
    leave(other.id)
    expect(store.others.length).toBe(1)
    awareness.meta.delete(other.id)
    other.say({})
    clock.advance(DROP_GRACE_MS)
    expect(store.others.length).toBe(1)
    expect(changes).toBe(0)

    store.hold()
    leave(other.id)
    clock.advance(DROP_GRACE_MS)
    expect(store.others).toEqual([])
    expect(changes).toBe(1)
  })

  test('[I10] a restart that the server announced keeps everyone in sight until its time is over', () => {
    const other = join({ user: bob })
    store.hold(5_000)
    leave(other.id)
    clock.advance(5_000 + DROP_GRACE_MS - 1)
    expect(store.others.length).toBe(1)
    clock.advance(1)
    expect(store.others).toEqual([])
  })
})

describe('what this tab says', () => {
  test('[U4] the pointer goes at most every 80 ms and its last place is never lost', () => {
    join({ user: bob })
    frames = 0
    for (let step = 1; step <= 100; step++) {
      store.setPointer({ x: step / 100, y: 0.5 })
      clock.advance(8)
    }
    clock.advance(POINTER_INTERVAL_MS)
    expect(frames).toBeLessThanOrEqual(800 / POINTER_INTERVAL_MS + 2)
    expect(store.self?.pointer).toEqual({ x: 1, y: 0.5 })
  })

  test('[U10] alone, at most one frame a second; the place is told when somebody joins', () => {
    for (let step = 0; step < 100; step++) {
      store.setPointer({ x: step / 100, y: 0.5 })
      clock.advance(20)
    }
    expect(frames).toBeLessThanOrEqual(2_000 / ALONE_INTERVAL_MS + 1)
    store.setPointer({ x: 0.123, y: 0.5 })
    join({ user: bob })
    expect(store.self?.pointer).toEqual({ x: 0.123, y: 0.5 })
  })

  test('[U10] pointer and view together go at most every 80 ms too, and both arrive', () => {
    join({ user: bob })
    frames = 0
    const view = { x: 0, y: 0, width: 0.5, height: 0.5 }
    for (let step = 1; step <= 100; step++) {
      store.setPointer({ x: step / 100, y: 0.5 })
      store.setView({ ...view, x: step / 100 })
      clock.advance(8)
    }
    clock.advance(POINTER_INTERVAL_MS)
    expect(frames).toBeLessThanOrEqual(800 / POINTER_INTERVAL_MS + 2)
    expect(store.self?.pointer).toEqual({ x: 1, y: 0.5 })
    expect(store.self?.view).toEqual({ ...view, x: 1 })
  })

  test('[U12] a hidden pointer is taken away and said of nowhere, until it is shown again', () => {
    join({ user: bob })
    store.setPointer({ x: 0.1, y: 0.1 })
    store.setMessage('here')
    store.hidePointer(true)
    expect(store.self).toMatchObject({ pointer: null, message: '', hidesPointer: true })
    store.setPointer({ x: 0.2, y: 0.1 })
    store.tap({ x: 0.2, y: 0.1 })
    clock.advance(10_000)
    expect(store.self).toMatchObject({ pointer: null, tap: null })
    store.hidePointer(false)
    store.setPointer({ x: 0.3, y: 0.1 })
    clock.advance(POINTER_INTERVAL_MS)
    expect(store.self).toMatchObject({ pointer: { x: 0.3, y: 0.1 }, hidesPointer: false })
  })

  test('[U13] a message at the pointer streams, is cut at 100 characters, and is cleared at once', () => {
    join({ user: bob })
    frames = 0
    for (let length = 1; length <= 120; length++) {
      store.setMessage('x'.repeat(length))
      clock.advance(20)
    }
    clock.advance(POINTER_INTERVAL_MS)
    expect(store.self?.message).toBe('x'.repeat(100))
    expect(frames).toBeLessThanOrEqual(2_400 / POINTER_INTERVAL_MS + 2)
    store.setMessage('bye')
    store.setMessage('')
    expect(store.self?.message).toBe('')
  })

  test('[U46] each tap is told once, those from before one came are not', () => {
    const taps: unknown[] = []
    store.onTap((id, tap) => taps.push([id, tap]))
    const other = join({ user: bob, tap: { x: 0.1, y: 0.1, count: 7 } })
    expect(taps).toEqual([])
    other.say({ tap: { x: 0.1, y: 0.1, count: 8 } })
    other.say({ typing: true })
    expect(taps).toEqual([[other.id, { x: 0.1, y: 0.1, count: 8 }]])
    store.tap({ x: 0.5, y: 0.5 })
    store.tap({ x: 0.5, y: 0.5 })
    clock.advance(POINTER_INTERVAL_MS)
    expect(store.self?.tap?.count).toBe(2)
  })

  test('[U14] whom somebody follows is known of the person', () => {
    join({ user: bob, following: 'ada' })
    expect(store.others[0]?.following).toBe('ada')
    store.setFollowing('bob')
    expect(store.self?.following).toBe('bob')
  })

  test('[U7] a pointer that leaves the board is hidden at once', () => {
    store.setPointer({ x: 0.5, y: 0.5 })
    store.setPointer({ x: 0.6, y: 0.5 })
    store.setPointer(null)
    expect(store.self?.pointer).toBeNull()
    clock.advance(10_000)
    expect(store.self?.pointer).toBeNull()
  })

  test('[U22] typing is said once, cleared 3 s after the last key', () => {
    store.setTyping(true)
    for (let key = 0; key < 20; key++) {
      clock.advance(500)
      store.setTyping(true)
    }
    expect(frames).toBe(1)
    expect(store.self?.typing).toBe(true)
    clock.advance(TYPING_CLEAR_MS - 1)
    expect(store.self?.typing).toBe(true)
    clock.advance(1)
    expect(store.self?.typing).toBe(false)
    expect(frames).toBe(2)
  })

  test('[U22] typing on and off at once is announced at most every 2 s', () => {
    for (let word = 0; word < 20; word++) {
      store.setTyping(true)
      clock.advance(100)
      store.setTyping(false)
      clock.advance(100)
    }
    // 4 s: announced at 0 s and at 2 s, taken back each time
    expect(frames).toBeLessThanOrEqual(2 * (4_000 / TYPING_INTERVAL_MS) + 1)
    expect(store.self?.typing).toBe(false)
  })

  test('fields of other libraries stay, and selection and status are said only when they change', () => {
    awareness.setLocalStateField('cursor', { anchor: 7 })
    frames = 0
    store.setSelection(['a'])
    store.setSelection(['a'])
    store.setStatus('idle')
    store.setStatus('idle')
    store.setUser({ name: '  New   name  ' })
    expect(frames).toBe(3)
    expect(awareness.getLocalState()).toMatchObject({
      cursor: { anchor: 7 },
      selection: ['a'],
      status: 'idle',
      user: { id: 'ada', name: 'New name', color: '#ca4459', colorLight: '#ca445933' },
    })
  })

  test('what a foreign app says of itself is left alone; without an id it is its connection', () => {
    const bare = new Awareness(new Y.Doc())
    others.push(bare)
    bare.setLocalState({ user: { name: 'Stock app', color: '#30bced' } })
    const plain = new PresenceStore(bare, clock)
    expect(plain.self?.user.id).toBe(`client-${bare.clientID}`)
    expect(bare.getLocalState()).toEqual({ user: { name: 'Stock app', color: '#30bced' } })
  })

  test('the end of the awareness is its end: no timer, no late frame', () => {
    store.setPointer({ x: 0.1, y: 0.1 })
    store.setPointer({ x: 0.2, y: 0.1 })
    store.setTyping(true)
    store.hold()
    awareness.destroy()
    expect(clock.waiting).toBe(0)
    store.setPointer({ x: 0.3, y: 0.1 })
    expect(awareness.getLocalState()).toBeNull()
  })
})
