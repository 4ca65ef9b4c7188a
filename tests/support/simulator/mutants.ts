import { decodeMessage, encodeAwareness, encodeSyncStep2, encodeUpdate } from '@roomful/shared'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { CompactionResult } from '../../../server/src/room-compactor.ts'
import { decodeAwareness, encodeAwarenessEntries } from './awareness-entries.ts'
import { openRoots } from './edits.ts'
import type { RoomUnderTest } from './instance.ts'
import { OwnersOnly } from './owners-only.ts'
import type { WireMutant, WorldOptions } from './world.ts'

/** A rule of `room-log.md` broken on purpose. */
export interface Mutant {
  readonly name: string
  readonly worldOptions: (sound: WorldOptions) => WorldOptions
}

/** Each of these must be caught, or the simulator proves nothing. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'answers to SyncStep1 lack the delete index',
    worldOptions: (sound) => ({ ...sound, wireMutant: () => onSyncStep2(withoutDeletes) }),
  },
  {
    name: 'answers hold the tail without a slice of the base',
    worldOptions: (sound) => ({
      ...sound,
      wireMutant: (world) =>
        onSyncStep2((update) => {
          const [base] = world.log.hasSnapshot ? world.log.storedUpdates() : []
          return base === undefined ? update : Y.diffUpdate(update, Y.encodeStateVectorFromUpdate(base))
        }),
    }),
  },
  {
    name: 'what is missing is neither asked for nor held',
    worldOptions: (sound) => ({ ...sound, wireMutant: () => withoutAsks() }),
  },
  {
    name: 'an append is acknowledged before it is durable',
    worldOptions: (sound) => ({ ...sound, logMutant: 'acks-before-durable' }),
  },
  {
    name: 'a presence clock is moved on each time it passes',
    worldOptions: (sound) => ({ ...sound, wireMutant: () => onAwareness((clock) => clock + 2) }),
  },
  {
    name: 'a failed append is skipped',
    worldOptions: (sound) => ({ ...sound, logMutant: 'skips-failed-append' }),
  },
]

/** The same for `npm run test:long`. */
export const MORE_MUTANTS: readonly Mutant[] = [
  {
    name: 'answers hold the deletes of the top level only',
    worldOptions: (sound) => ({
      ...sound,
      wireMutant: (world) => onSyncStep2((update) => withTopLevelDeletes(update, world.instances[0]?.room)),
    }),
  },
  {
    name: 'a document is cut into updates',
    worldOptions: (sound) => ({ ...sound, wireMutant: () => inPieces }),
  },
  {
    name: 'a compaction rebuilds entry by entry',
    worldOptions: (sound) => ({
      ...sound,
      compactMutant:
        ({ log }) =>
        (update) =>
          rebuiltByEntries(log.storedUpdates(), update),
    }),
  },
  {
    name: 'structs of a clientID that is here on another connection are refused',
    worldOptions: (sound) => ({
      ...sound,
      openRoom: async (environment) => new OwnersOnly(await sound.openRoom(environment)),
    }),
  },
]

/** Answers are told as the snapshot, then the entries one by one. Nothing diverges, but who only joins writes. */
export const ENTRY_BY_ENTRY: Mutant = {
  name: 'an answer is the snapshot and then entry by entry',
  worldOptions: (sound) => ({
    ...sound,
    wireMutant: (world) => (frame) =>
      decodeMessage(frame)?.type === 'sync-step2'
        ? [...world.log.storedUpdates().map((update) => encodeUpdate(update)), frame]
        : [frame],
  }),
}

/** Rewrites the update of each SyncStep2. */
function onSyncStep2(rewrite: (update: Uint8Array) => Uint8Array): WireMutant {
  return (frame) => {
    const message = decodeMessage(frame)
    return [message?.type === 'sync-step2' ? encodeSyncStep2(rewrite(message.update)) : frame]
  }
}

/** An update without its delete set, which stands behind the structs. */
function withoutDeletes(update: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder()
  const { clients } = Y.decodeUpdate(update).ds
  encoding.writeVarUint(encoder, clients.size)
  for (const [client, items] of clients) {
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, items.length)
    for (const { clock, len } of items) {
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarUint(encoder, len)
    }
  }
  const structs = update.subarray(0, update.length - encoding.length(encoder))
  return Uint8Array.of(...structs, 0)
}

/** Drops every SyncStep1 but the first of a connection. */
function withoutAsks(): WireMutant {
  const greeted = new Set<number>()
  return (frame, connectionId) => {
    if (decodeMessage(frame)?.type !== 'sync-step1') return [frame]
    if (greeted.has(connectionId)) return []
    greeted.add(connectionId)
    return [frame]
  }
}

/** Rewrites the clock of each presence entry. */
function onAwareness(rewrite: (clock: number) => number): WireMutant {
  return (frame) => {
    const message = decodeMessage(frame)
    if (message?.type !== 'awareness') return [frame]
    const entries = decodeAwareness(message.update)
    const changed = entries.map((entry) => ({ ...entry, clock: rewrite(entry.clock) }))
    return [encodeAwareness(encodeAwarenessEntries(changed))]
  }
}

/** An update without the deletes of what stands inside of something else in the room. */
function withTopLevelDeletes(update: Uint8Array, room: RoomUnderTest | undefined): Uint8Array {
  const doc = new Y.Doc({ gc: false })
  Y.applyUpdate(doc, room?.claims?.().document ?? update)
  const isTop = (client: number, clock: number): boolean => {
    const struct = Y.getItem(doc.store, Y.createID(client, clock))
    return struct instanceof Y.Item && struct.parent instanceof Y.AbstractType && struct.parent._item === null
  }
  const encoder = encoding.createEncoder()
  const kept: [client: number, clocks: number[]][] = []
  for (const [client, ranges] of Y.decodeUpdate(update).ds.clients) {
    const clocks = ranges.flatMap(({ clock, len }) => Array.from({ length: len }, (_, i) => clock + i))
    const top = clocks.filter((clock) => isTop(client, clock))
    if (top.length > 0) kept.push([client, top])
  }
  encoding.writeVarUint(encoder, kept.length)
  for (const [client, clocks] of kept) {
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, clocks.length)
    for (const clock of clocks) {
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarUint(encoder, 1)
    }
  }
  return Uint8Array.of(...withoutDeletes(update).subarray(0, -1), ...encoding.toUint8Array(encoder))
}

/** The structs of each client as an update of its own, the first one as the answer. */
const inPieces: WireMutant = (frame) => {
  const message = decodeMessage(frame)
  if (message?.type !== 'sync-step2') return [frame]
  const { structs } = Y.decodeUpdate(message.update)
  const ends = Y.parseUpdateMeta(message.update).to
  const pieces = [...ends.keys()].map((client) => {
    const others = new Map([...ends].filter(([other]) => other !== client))
    return Y.diffUpdate(message.update, Y.encodeStateVector(others))
  })
  const [first, ...more] = structs.length === 0 ? [message.update] : pieces
  return [encodeSyncStep2(first ?? message.update), ...more.map((piece) => encodeUpdate(piece))]
}

/** Every stored entry in a transaction of its own, the roots known by their types from the beginning. */
function rebuiltByEntries(stored: readonly Uint8Array[], update: Uint8Array): CompactionResult {
  const doc = new Y.Doc()
  openRoots(doc)
  for (const entry of stored) Y.applyUpdate(doc, entry)
  Y.applyUpdate(doc, update)
  return { snapshot: Y.encodeStateAsUpdate(doc), stateVector: Y.encodeStateVector(doc) }
}
