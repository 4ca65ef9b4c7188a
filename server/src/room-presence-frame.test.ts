import { expect, test } from 'vitest'
import type { PiecedMessages } from './member.ts'
import { PresenceFrame } from './room-presence-frame.ts'
import { encodePresenceEntry, encodePresenceMessage } from './room-presence-wire.ts'
import { Roster } from './room-roster.ts'

const concat = (messages: PiecedMessages): Uint8Array =>
  Uint8Array.from(messages.flat().flatMap((piece) => [...piece]))

const json = new TextEncoder().encode('{"pointer":{"x":0.5,"y":0.5}}')

test.each([1, 2, 3, 127, 128, 129, 600])(
  'of %i entries: the shared message is what y-protocols encodes, and each own one lacks just that entry',
  (count) => {
    const roster = new Roster()
    const entries: Uint8Array[] = []
    for (let id = 0; id < count; id += 1) {
      roster.issue(roster.claim(id), id, json, undefined)
      entries.push(encodePresenceEntry(id, id, json))
    }
    const frame = new PresenceFrame(roster.takeDirty())
    expect(frame.shared).toEqual(encodePresenceMessage(entries))
    for (const id of [0, count >> 1, count - 1]) {
      const others = entries.filter((_entry, other) => other !== id)
      expect(frame.has(id)).toBe(true)
      expect(concat(frame.messagesFor(id, false))).toEqual(
        others.length === 0 ? new Uint8Array(0) : encodePresenceMessage(others),
      )
    }
    expect(frame.has(count)).toBe(false)
    expect(frame.messagesFor(count, false)).toEqual([[frame.shared]])
  },
)
