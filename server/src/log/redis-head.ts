import { crc32 } from 'node:zlib'
import type { RoomName } from '@roomful/shared'
import { LogError } from './log-error.ts'
import { encodePosition, parsePosition } from './position.ts'
import type { RedisCommands, RedisReply } from './redis-commands.ts'
import type { RoomKeys } from './redis-keys.ts'
import { unavailable } from './redis-trouble.ts'
import { countOf, fieldsOf, textOf } from './redis-reply.ts'
import type { LogHead, RoomSummary, Tombstone } from './room-log.ts'

/** Version of the layout: newer ones are refused. */
export const REDIS_FORMAT = 1

/**
 * What is stored of a room besides its entries. The meta hash: `v` format, `e` epoch, `g` generation, `n` last sequence
 * number, `k` token of that entry, `f` first number of this generation less one, `u` what the snapshot holds, `b` bytes of
 * all entries, `bu` of those in the snapshot, `s` and `c` length and checksum of the snapshot, `title`, `tg`/`ts`/`tt` the
 * tombstone, `cu`/`ct` a compaction that is not trimmed yet and when it was.
 */
export interface RedisHead {
  readonly head: LogHead
  readonly last: number
  readonly token: string
  /** Entries at or below are of a deleted generation. */
  readonly floor: number
}

/** The snapshot may be replaced between two answers; more often than this is damage. */
const ATTEMPTS = 5

/**
 * Reads a room's head; `undefined` where nothing is stored.
 *
 * @throws LogError `unavailable`, `corrupt`, `format-newer`.
 */
export async function readHead(
  connection: RedisCommands,
  keys: RoomKeys,
  room: RoomName,
): Promise<RedisHead | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const [meta, snapshot] = await connection.run([
      { command: 'HGETALL', args: [keys.meta] },
      { command: 'GET', args: [keys.snapshot] },
    ])
    for (const reply of [meta, snapshot]) if (reply instanceof Error) throw unavailable(room, reply)
    const fields = fieldsOf(meta)
    if (!fields.has('e')) return undefined
    const format = countOf(fields.get('v')) ?? 0
    if (format > REDIS_FORMAT) throw newerFormat(format)
    const head = parseHead(fields, snapshot)
    if (head !== undefined) return head
    if (attempt === ATTEMPTS)
      throw new LogError(
        'corrupt',
        `room ${room}: its stored snapshot is damaged: restore a backup or delete the room`,
      )
  }
}

/** `undefined` where the snapshot is not the one that meta speaks of. */
function parseHead(fields: Map<string, RedisReply>, snapshot: RedisReply): RedisHead | undefined {
  const length = countOf(fields.get('s'))
  const bytes = Buffer.isBuffer(snapshot) ? snapshot : undefined
  if (length !== undefined && (bytes?.byteLength !== length || checksumOf(bytes) !== textOf(fields.get('c'))))
    return undefined
  return {
    head: {
      generation: countOf(fields.get('g')) ?? 0,
      epoch: textOf(fields.get('e')) ?? '',
      snapshot:
        length === undefined || bytes === undefined
          ? undefined
          : { bytes, title: textOf(fields.get('title')) },
      upTo: encodePosition(countOf(fields.get('u')) ?? 0),
      tombstone: parseTombstone(fields),
    },
    last: countOf(fields.get('n')) ?? 0,
    token: textOf(fields.get('k')) ?? '',
    floor: countOf(fields.get('f')) ?? 0,
  }
}

function parseTombstone(fields: Map<string, RedisReply>): Tombstone | undefined {
  const generation = countOf(fields.get('tg'))
  const stateVector = fields.get('ts')
  if (generation === undefined || !Buffer.isBuffer(stateVector)) return undefined
  return { generation, stateVector, deletedAt: Number(textOf(fields.get('tt')) ?? 0) }
}

/** Entries at or below this number are not read: they stand in the snapshot, or are of a deleted generation. */
export function floorOf(stored: RedisHead | undefined): number {
  return stored === undefined ? 0 : Math.max(parsePosition(stored.head.upTo) ?? 0, stored.floor)
}

/** What a snapshot is told by beside its length. */
export function checksumOf(bytes: Uint8Array): string {
  return crc32(bytes).toString(16)
}

/** The fields of {@link parseSummary}, for HMGET. */
export const SUMMARY_FIELDS: readonly string[] = ['g', 'n', 'u', 'f', 'b', 'bu', 's', 'title', 'v']

/** One line of a listing; `undefined` for a room of which nothing is stored, or only a deletion. */
export function parseSummary(room: RoomName, reply: RedisReply): RoomSummary | undefined {
  if (!Array.isArray(reply)) return undefined
  const [generation, last, upTo, floor, bytes, covered, snapshot] = reply.slice(0, 7).map(countOf)
  const entries = (last ?? 0) - Math.max(upTo ?? 0, floor ?? 0)
  if (entries === 0 && snapshot === undefined) return undefined
  return {
    room,
    generation: generation ?? 0,
    entries,
    bytes: (bytes ?? 0) - (covered ?? 0) + (snapshot ?? 0),
    title: textOf(reply[7]),
  }
}

/** Whether nothing at all is stored under the hash of {@link SUMMARY_FIELDS}. */
export function isAbsent(reply: RedisReply): boolean {
  return Array.isArray(reply) && reply.every((field) => field === null)
}

export function newerFormat(format: number): LogError {
  return new LogError(
    'format-newer',
    `what is stored in Redis has format ${format}, this version knows up to ${REDIS_FORMAT}: run a newer version, or another REDIS_PREFIX`,
  )
}
