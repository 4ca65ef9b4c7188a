import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { readPresenceState } from './room-presence-state.ts'
import { encodePresenceEntry, joinPresence, readPresence } from './room-presence-wire.ts'
import { unknownMessageNumber } from './room-unknown.ts'

const limits = { awarenessBytes: 4_096, awarenessDepth: 8 }

test('what y-protocols writes is read, and written again byte for byte', () => {
  const awareness = new Awareness(new Y.Doc())
  awareness.setLocalState({ user: { id: 'ü', name: '😀' } })
  const update = encodeAwarenessUpdate(awareness, [awareness.clientID])
  const entries = readPresence(update) ?? []
  expect(entries).toMatchObject([{ clientId: awareness.clientID, clock: 1 }])
  expect(joinPresence(entries.map((e) => encodePresenceEntry(e.clientId, e.clock, e.json)))).toEqual(update)
  const other = new Awareness(new Y.Doc())
  applyAwarenessUpdate(other, joinPresence([encodePresenceEntry(7, 1, entries[0]?.json ?? update)]), 'test')
  expect(other.getStates().get(7)).toEqual({ user: { id: 'ü', name: '😀' } })
  awareness.destroy()
  other.destroy()
})

test('[I3] any bytes are an awareness update or a clean refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const entries = readPresence(bytes)
      for (const { clock, json } of entries ?? []) {
        expect(Number.isSafeInteger(clock)).toBe(true)
        expect(['state', 'refused', 'malformed']).toContain(readPresenceState(json, limits).kind)
      }
    }),
  )
})

test('[I3] any JSON is a state or a clean refusal, however deep', () => {
  const deep = new TextEncoder().encode('['.repeat(2_000) + ']'.repeat(2_000))
  expect(readPresenceState(deep, limits)).toEqual({ kind: 'refused', reason: 'invalid' })
  const nested = new TextEncoder().encode(`{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`)
  expect(readPresenceState(nested, limits)).toEqual({ kind: 'refused', reason: 'too-deep' })
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(readPresenceState(new TextEncoder().encode(json), limits).kind).not.toBe('malformed')
    }),
  )
})

test('bytes that are no UTF-8 are no state', () => {
  expect(readPresenceState(Uint8Array.of(0x22, 0xff, 0x22), limits)).toEqual({ kind: 'malformed' })
})

test.each([
  [[42, 0], 42],
  [[0x80, 0x01], 128],
  [[103, 0, 0], 103],
  [[0, 9], undefined],
  [[102], undefined],
  [[], undefined],
  [[0xff], undefined],
])('the number of %j is %s to somebody who does not know it', (bytes, number) => {
  expect(unknownMessageNumber(Uint8Array.from(bytes))).toBe(number)
})
