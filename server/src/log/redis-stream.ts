import type { RoomName } from '@roomful/shared'
import { LogError } from './log-error.ts'
import type { RedisCommands } from './redis-commands.ts'
import { isAnother, parseStreamEntry, type StoredEntry } from './redis-entry.ts'
import type { RoomKeys } from './redis-keys.ts'
import { listOf } from './redis-reply.ts'
import { isLost, lookCall, parseLook, type Asked } from './redis-room-calls.ts'
import type { LogEntry } from './room-log.ts'
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

/** What would be read does not stand behind what was read: it is another copy of the log. */
export class LogForked extends LogError {
  constructor(room: RoomName) {
    super('unavailable', `what is stored of room ${room} is not what was read of it: try again later`)
    this.name = 'LogForked'
  }
}

/** Whose entries are read. */
export interface StreamSource {
  readonly connection: RedisCommands
  readonly keys: RoomKeys
  readonly room: RoomName
}

/** A place in the log: behind which entry. */
export interface ReadPlace {
  readonly last: number
  /** Of the entry at `last`; empty where it is not known. */
  readonly token: string
}

/**
 * Reads entries in order, without holes, each behind the one that was read before it.
 *
 * @param upTo - the last one; `undefined` = to the end.
 * @throws LogError `unavailable`, `corrupt`; {@link EntriesTrimmed}; {@link LogForked}.
 */
export async function* readStream(
  source: StreamSource,
  after: ReadPlace,
  upTo: number | undefined,
): AsyncGenerator<StoredEntry> {
  const { connection, keys, room } = source
  const end = upTo === undefined ? '+' : `${upTo}-0`
  let count = FIRST_COUNT
  for (let { last, token } = after; upTo === undefined || last < upTo;) {
    // the server that is asked may be another one at each time
    const [look, reply] = await connection.run([
      lookCall(keys, last, ''),
      { command: 'XRANGE', args: [keys.log, `${last + 1}-0`, end, 'COUNT', count] },
    ])
    for (const answer of [look, reply]) if (answer instanceof Error) throw unavailable(room, answer)
    const seen = parseLook(look)
    if (isLost(seen, { last, token, wasBorn: last > 0 })) throw new LogForked(room)
    token = seen?.token ?? ''
    const found = listOf(reply)
    let bytes = 0
    for (const item of found) {
      const stored = parseStreamEntry(item, token)
      if (stored === undefined) throw corrupt(room, last + 1)
      if (stored.sequence !== last + 1) throw new EntriesTrimmed(room)
      bytes += stored.entry.update.byteLength
      yield stored
      ;({ sequence: last, token } = stored)
    }
    if (found.length < count) {
      if (upTo !== undefined && last < upTo) throw new EntriesTrimmed(room)
      return
    }
    count = Math.max(1, Math.min(MAX_COUNT, Math.floor(CHUNK_BYTES / (bytes / found.length + 1))))
  }
}

/**
 * Reads what is stored of a room now, in the caller's turn: what is appended later is told otherwise.
 *
 * @param seen what the room has read already: what is stored has to go on from there.
 * @param refusal why nothing may be read.
 * @throws as {@link readStream}.
 */
export function readRoom(
  source: StreamSource,
  after: number,
  seen: Asked,
  refusal: LogError | undefined,
): AsyncGenerator<LogEntry> {
  const { connection, keys, room } = source
  const { last, token } = seen
  const asked = refusal === undefined ? connection.run([lookCall(keys, last, '')]) : []
  return (async function* () {
    if (refusal !== undefined) throw refusal
    const [reply] = await asked
    if (reply instanceof Error) throw unavailable(room, reply)
    const found = parseLook(reply)
    if (isLost(found, seen)) throw new LogForked(room)
    for await (const stored of readStream(source, { last: after, token: '' }, found?.last ?? 0)) {
      if (stored.sequence === last && isAnother(stored.token, token)) throw new LogForked(room)
      yield stored.entry
    }
  })()
}

function corrupt(room: RoomName, sequence: number): LogError {
  return new LogError(
    'corrupt',
    `room ${room}: its stored entry ${sequence} is none of ours: restore a backup or delete the room`,
  )
}
