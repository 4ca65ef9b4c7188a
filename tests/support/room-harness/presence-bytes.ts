import { encodeAwareness } from '@roomful/shared'
import { encodePresenceEntry, joinPresence, readPresence } from '../../../server/src/room-presence-wire.ts'
import type { FakeMember } from './fake-member.ts'

/** One entry of an awareness frame, parsed. */
export interface ReadEntry {
  readonly clientId: number
  readonly clock: number
  readonly state: unknown
}

export type EntryToSend = readonly [clientId: number, clock: number, state: unknown]

const utf8 = new TextEncoder()
const text = new TextDecoder()

/** An awareness frame as y-protocols encodes it. */
export function awarenessFrame(...entries: readonly EntryToSend[]): Uint8Array {
  return encodeAwareness(
    joinPresence(
      entries.map(([clientId, clock, state]) =>
        encodePresenceEntry(clientId, clock, utf8.encode(JSON.stringify(state))),
      ),
    ),
  )
}

/** The presence entries a member got since it was asked last, keepalives left out. */
export function takePresence(member: FakeMember): ReadEntry[] {
  return member.takeOf('awareness').flatMap(({ update }) => readEntries(update))
}

/** The entries of one awareness update. */
export function readEntries(update: Uint8Array): ReadEntry[] {
  return (readPresence(update) ?? []).map(({ clientId, clock, json }) => ({
    clientId,
    clock,
    state: JSON.parse(text.decode(json)) as unknown,
  }))
}
