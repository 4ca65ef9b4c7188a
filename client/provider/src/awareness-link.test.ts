import { afterEach, expect, test } from 'vitest'
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { applyRemoteAwareness } from './awareness-link.ts'

const all: Awareness[] = []

function createAwareness(): Awareness {
  const awareness = new Awareness(new Y.Doc())
  all.push(awareness)
  return awareness
}

afterEach(() => {
  for (const awareness of all.splice(0)) awareness.destroy()
})

test('what is said while hearing somebody else is not taken back', () => {
  const own = createAwareness()
  const other = createAwareness()
  own.setLocalState({ following: 'other' })
  own.on('change', (_: unknown, origin: unknown) => {
    if (origin === 'remote') own.setLocalStateField('following', null)
  })
  other.setLocalState({ following: 'own' })
  applyRemoteAwareness(own, encodeAwarenessUpdate(other, [other.clientID]), 'remote')
  expect(own.getLocalState()).toEqual({ following: null })
})

test('an older entry of our own that comes back is put right, with a higher clock', () => {
  const own = createAwareness()
  own.setLocalState({ at: 'old' })
  const old = encodeAwarenessUpdate(own, [own.clientID])
  const again = createAwareness()
  again.clientID = own.clientID
  again.setLocalState({ at: 'new' })
  const clock = again.meta.get(again.clientID)?.clock ?? 0
  again.meta.set(again.clientID, { clock: 0, lastUpdated: 0 })
  applyRemoteAwareness(again, old, 'remote')
  expect(again.getLocalState()).toEqual({ at: 'new' })
  expect(again.meta.get(again.clientID)?.clock).toBeGreaterThan(clock)
})
