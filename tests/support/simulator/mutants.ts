import { decodeMessage, encodeAwareness, encodeSyncStep2 } from '@roomful/shared'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { decodeAwareness, encodeAwarenessEntries } from './awareness-entries.ts'
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

/** Rewrites the update of each SyncStep2. */
function onSyncStep2(rewrite: (update: Uint8Array) => Uint8Array): WireMutant {
  return (frame) => {
    const message = decodeMessage(frame)
    return message?.type === 'sync-step2' ? encodeSyncStep2(rewrite(message.update)) : frame
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
    if (decodeMessage(frame)?.type !== 'sync-step1') return frame
    if (greeted.has(connectionId)) return undefined
    greeted.add(connectionId)
    return frame
  }
}

/** Rewrites the clock of each presence entry. */
function onAwareness(rewrite: (clock: number) => number): WireMutant {
  return (frame) => {
    const message = decodeMessage(frame)
    if (message?.type !== 'awareness') return frame
    const entries = decodeAwareness(message.update)
    return encodeAwareness(
      encodeAwarenessEntries(entries.map((entry) => ({ ...entry, clock: rewrite(entry.clock) }))),
    )
  }
}
