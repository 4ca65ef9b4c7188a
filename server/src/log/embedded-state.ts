import type { RoomName } from '@roomful/shared'
import { entryPrefix, metaKey, snapshotKey, titleKey, tombstoneKey } from './embedded-keys.ts'
import { decodeBytes, decodeMeta, decodeTombstone, encodeMeta, type MetaRecord } from './embedded-records.ts'
import { seedOf, type Seed } from './embedded-envelope.ts'
import { OpenGroup, type EntryRecord } from './embedded-group.ts'
import type { CommitBatch, LateRecord } from './commit-queue.ts'
import { LogError } from './log-error.ts'
import { encodePosition } from './position.ts'
import type { LogHead, Snapshot } from './room-log.ts'
import type { Store } from './level-store.ts'

/** Where a room stands in the queue: three views of one log, each as far as its name says. */
export class RoomState {
  readonly room: RoomName
  /** As if everything that had its turn were on disk. */
  planned: MetaRecord
  /** On disk for certain. */
  durable: MetaRecord
  /** Sequence number and total of the last append that was accepted. */
  accepted: { readonly last: number; readonly total: number }
  /** For the checksums of the entries. */
  readonly entrySeed: Seed
  readonly #metaRecord: LateRecord
  /** What this room appends in the batch whose turn it is. */
  #open: { readonly batch: CommitBatch; readonly group: OpenGroup } | undefined

  constructor(room: RoomName, meta: MetaRecord) {
    this.room = room
    this.planned = meta
    this.durable = meta
    this.accepted = { last: meta.last, total: meta.total }
    this.entrySeed = seedOf(entryPrefix(room))
    const key = metaKey(room)
    this.#metaRecord = { key, encode: () => encodeMeta(seedOf(key), this.planned) }
  }

  /** Adds an entry behind `planned.last` to the record of its batch, or to a new one. */
  putEntry(batch: CommitBatch, entry: EntryRecord): void {
    if (this.#open?.batch !== batch || this.#open.group.isFull) {
      const { last, total } = this.planned
      const group = new OpenGroup(this.room, this.entrySeed, last, total)
      this.#open = { batch, group }
      batch.putGrowing(group)
    }
    this.#open.group.add(entry)
  }

  /** A commit of this room had its turn. */
  plan(batch: CommitBatch, next: MetaRecord): void {
    this.planned = next
    batch.putLast(this.#metaRecord)
  }
}

/** The meta of a room of which nothing is stored. */
export function emptyMeta(generation: number, epoch: string): MetaRecord {
  return {
    generation,
    epoch,
    upTo: 0,
    last: 0,
    totalUpTo: 0,
    total: 0,
    snapshotBytes: undefined,
    hasTitle: false,
  }
}

export function corruptRoom(room: RoomName, what: string, cause?: unknown): LogError {
  return new LogError(
    'corrupt',
    `room ${room}: its stored ${what} is damaged: restore a backup or delete the room`,
    { cause },
  )
}

/** Reads what stands about a room besides its entries. @throws LogError `corrupt` naming the room. */
export async function loadRoom(
  store: Pick<Store, 'get'>,
  room: RoomName,
  mintEpoch: () => string,
): Promise<{ readonly meta: MetaRecord; readonly head: LogHead }> {
  const record = await store.get(metaKey(room))
  if (record === undefined) {
    const meta = emptyMeta(0, mintEpoch())
    return { meta, head: { generation: 0, epoch: meta.epoch, upTo: encodePosition(0) } }
  }
  const meta = decodeMeta(seedOf(metaKey(room)), record)
  if (meta === undefined) throw corruptRoom(room, 'meta record')
  const snapshot = await readSnapshot(store, room, meta)
  const tombstoneRecord = await store.get(tombstoneKey(room))
  const tombstone = tombstoneRecord && decodeTombstone(seedOf(tombstoneKey(room)), tombstoneRecord)
  if (tombstoneRecord !== undefined && tombstone === undefined) throw corruptRoom(room, 'tombstone')
  const { generation, epoch } = meta
  return { meta, head: { generation, epoch, snapshot, upTo: encodePosition(meta.upTo), tombstone } }
}

/** The title a listing shows; `undefined` where there is none. */
export async function readTitle(store: Pick<Store, 'get'>, room: RoomName): Promise<string | undefined> {
  const record = await store.get(titleKey(room))
  const title = record && decodeBytes(seedOf(titleKey(room)), record)
  if (record !== undefined && title === undefined) throw corruptRoom(room, 'title')
  return title && new TextDecoder().decode(title)
}

async function readSnapshot(
  store: Pick<Store, 'get'>,
  room: RoomName,
  meta: MetaRecord,
): Promise<Snapshot | undefined> {
  if (meta.snapshotBytes === undefined) return undefined
  const record = await store.get(snapshotKey(room))
  const bytes = record && decodeBytes(seedOf(snapshotKey(room)), record)
  if (bytes?.byteLength !== meta.snapshotBytes) throw corruptRoom(room, 'snapshot')
  return { bytes, title: meta.hasTitle ? await readTitle(store, room) : undefined }
}
