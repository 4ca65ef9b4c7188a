import type { RoomName } from '@roomful/shared'
import { LogError } from './log-error.ts'
import type { RedisCommands } from './redis-commands.ts'
import { parseStreamEntry, type StoredEntry } from './redis-entry.ts'
import type { RoomKeys } from './redis-keys.ts'
import { listOf } from './redis-reply.ts'
import { unavailable } from './redis-trouble.ts'

/** Entries of the first answer; the next ones follow what entries weigh. */
const FIRST_COUNT = 64
const MAX_COUNT = 1_000
/** What one answer should weigh: more would hold up the appends behind it. */
const CHUNK_BYTES = 1024 * 1024

/** Entries were trimmed before they were read: what they said stands in a snapshot. */
export class EntriesTrimmed extends LogError {
  constructor(room: RoomName) {
    super('unavailable', `entries of room ${room} were compacted before they were read: open it again`)
    this.name = 'EntriesTrimmed'
  }
}

/**
 * Reads entries in order, without holes.
 *
 * @param upTo - the last one; `undefined` = to the end.
 * @throws LogError `unavailable`, `corrupt`; {@link EntriesTrimmed}.
 */
export async function* readStream(
  source: { readonly connection: RedisCommands; readonly keys: RoomKeys; readonly room: RoomName },
  after: number,
  upTo: number | undefined,
): AsyncGenerator<StoredEntry> {
  const { connection, keys, room } = source
  const end = upTo === undefined ? '+' : `${upTo}-0`
  let count = FIRST_COUNT
  for (let next = after + 1; upTo === undefined || next <= upTo;) {
    const [reply] = await connection.run([
      { command: 'XRANGE', args: [keys.log, `${next}-0`, end, 'COUNT', count] },
    ])
    if (reply instanceof Error) throw unavailable(room, reply)
    const found = listOf(reply)
    let bytes = 0
    for (const item of found) {
      const stored = parseStreamEntry(item)
      if (stored === undefined) throw corrupt(room, next)
      if (stored.sequence !== next) throw new EntriesTrimmed(room)
      bytes += stored.entry.update.byteLength
      yield stored
      next += 1
    }
    if (found.length < count) {
      if (upTo !== undefined && next <= upTo) throw new EntriesTrimmed(room)
      return
    }
    count = Math.max(1, Math.min(MAX_COUNT, Math.floor(CHUNK_BYTES / (bytes / found.length + 1))))
  }
}

function corrupt(room: RoomName, sequence: number): LogError {
  return new LogError(
    'corrupt',
    `room ${room}: its stored entry ${sequence} is none of ours: restore a backup or delete the room`,
  )
}
