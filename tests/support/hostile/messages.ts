import { encodeAwareness, encodeFragment, encodeSyncStep1, MESSAGE } from '@roomful/shared'
import * as encoding from 'lib0/encoding'
import type { Random } from '../random.ts'
import { awarenessFrame, type EntryToSend } from '../room-harness/presence-bytes.ts'
import type { Victim } from './updates.ts'

/** Bytes of one hostile message. */
export type MakeMessage = (random: Random, victim: Victim) => Uint8Array

const nested = (levels: number): unknown => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels))
const entry = (clientId: number, clock: number, json: string): Uint8Array =>
  encodeAwareness(
    encoding.encode((to) => {
      encoding.writeVarUint(to, 1)
      encoding.writeVarUint(to, clientId)
      encoding.writeVarUint(to, clock)
      encoding.writeVarString(to, json)
    }),
  )
const own = (random: Random): number => 2_000_000 + random.int(1_000_000)

/** Messages that are none: closed with 4400. */
export const REFUSED_MESSAGES: Readonly<Record<string, MakeMessage>> = {
  'an empty frame': () => new Uint8Array(0),
  'a message number without end': () => new Uint8Array(20).fill(0xff),
  'an unknown kind of sync': (random) => Uint8Array.of(MESSAGE.sync, random.between(3, 100), 1, 0),
  'a length beyond the frame': (random) => Uint8Array.of(MESSAGE.sync, 2, random.between(2, 127), 0),
  'a sync status that is too long': (random) =>
    Uint8Array.of(MESSAGE.syncStatus, 17 + random.int(50), ...new Uint8Array(67)),
  'a state vector that is none': (random) => encodeSyncStep1(Uint8Array.of(random.between(1, 100))),
  'a state vector of a million clients': () =>
    encodeSyncStep1(
      encoding.encode((to) => {
        encoding.writeVarUint(to, 200_000)
        for (let client = 1_000_000; client < 1_200_000; client++) {
          encoding.writeVarUint(to, client * 1_000)
          encoding.writeVarUint(to, 1)
        }
      }),
    ),
  'presence cut short': (random) => Uint8Array.of(MESSAGE.awareness, 3, 1, random.int(128), 0),
  'presence of an absurd number': () => encodeAwareness(Uint8Array.of(0xff, 0xff, 0xff, 0x7f)),
  'presence that is no JSON': (random) => entry(own(random), 1, '{"a":'),
  'presence that is no UTF-8': (random) =>
    encodeAwareness(Uint8Array.of(1, random.between(100, 127), 1, 4, 0x22, 0xff, 0xc0, 0x22)),
}

const others = (count: number, random: Random): EntryToSend[] =>
  Array.from({ length: count }, (_, i) => [
    50_000 + random.int(1_000_000_000),
    1,
    { user: { id: `ghost-${i}`, name: 'Ghost' } },
  ])

/** Messages that change nothing for anybody else; the connection may stay. */
export const HARMLESS_MESSAGES: Readonly<Record<string, MakeMessage>> = {
  'unknown messages': (random) => Uint8Array.of(random.between(4, 99), random.int(256)),
  'messages only servers send': (random) =>
    random.pick([
      Uint8Array.of(MESSAGE.auth, 0, 0),
      Uint8Array.of(MESSAGE.hello, 0, 0),
      Uint8Array.of(MESSAGE.notice, 0, 0),
      encodeFragment({ index: 0, count: 2, totalBytes: 5, slice: Uint8Array.of(0, 1, 2) }),
    ]) ?? Uint8Array.of(MESSAGE.auth, 0, 0),
  'deep presence': (random) => awarenessFrame([own(random), 1, nested(random.between(9, 2_000))]),
  'presence with a __proto__ key': (random) => entry(own(random), 1, '{"__proto__":{"polluted":1}}'),
  'presence at the last clock there is': (random) => entry(own(random), 2 ** 53 - 1, '{}'),
  'presence of 500 kB': (random) => awarenessFrame([own(random), 1, { blob: 'x'.repeat(500_000) }]),
  'a thousand invented people': (random) => awarenessFrame(...others(1_000, random)),
  'the presence of somebody else': (_random, victim) =>
    awarenessFrame([victim.clientId, 1_000, { user: { id: 'thief', name: 'Thief' } }]),
  'the removal of somebody else': (_random, victim) => awarenessFrame([victim.clientId, 2 ** 31, null]),
  'somebody else behind a legal entry': (random, victim) =>
    awarenessFrame([own(random), 1, { user: { id: 'legal' } }], [victim.clientId, 1_000, null]),
}
