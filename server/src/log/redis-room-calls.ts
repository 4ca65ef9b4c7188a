import type { RoomName } from '@roomful/shared'
import { LogError } from './log-error.ts'
import { parsePosition } from './position.ts'
import type { RedisCall, RedisCommands, RedisReply } from './redis-commands.ts'
import { encodePayload, entryArgs, isAnother } from './redis-entry.ts'
import { checksumOf, REDIS_FORMAT } from './redis-head.ts'
import type { RoomKeys } from './redis-keys.ts'
import { APPEND_SCRIPT } from './redis-lua-append.ts'
import { COMPACT_SCRIPT, LOOK_SCRIPT, RENEW_SCRIPT } from './redis-lua-room.ts'
import type { AppendBatch } from './redis-outbox.ts'
import { bufferOf, countOf, listOf, textOf } from './redis-reply.ts'
import { callScript } from './redis-script.ts'
import { unavailable } from './redis-trouble.ts'
import type { Fence, LogHead, Snapshot } from './room-log.ts'
import type { YRedisMode } from './yredis-mode.ts'

/** A room as its calls need it. */
export interface CalledRoom {
  readonly room: RoomName
  readonly keys: RoomKeys
  readonly head: LogHead
  readonly yredis: YRedisMode
  /** The last entry that was read: by it this log is told from a copy that went another way. */
  readonly lastRead: { readonly last: number; readonly token: string }
}

/** Larger batches are not published: subscribers read them from the stream. */
export const MAX_PUBLISHED_BYTES: number = 64 * 1024

/** Appends a batch. `isBorn`: the room is stored already, so that its absence is a loss. */
export function appendCall(
  { keys, head, yredis, lastRead }: CalledRoom,
  { entries, counter, author }: AppendBatch,
  isBorn: boolean,
): RedisCall {
  const bytes = entries.reduce((sum, { update }) => sum + update.byteLength, 0)
  const payload = bytes > MAX_PUBLISHED_BYTES ? '' : encodePayload(entries)
  const fence = [REDIS_FORMAT, head.epoch, head.generation, isBorn ? '0' : '1']
  const told = [keys.channel, author, counter, payload, yredis, keys.bell, keys.mark]
  const call = callScript(
    APPEND_SCRIPT,
    [keys.meta, keys.log, keys.writers, keys.list],
    [...fence, ...told, lastRead.last, lastRead.token, ...entries.flatMap(entryArgs)],
  )
  return { ...call, isBound: true }
}

/** @param reader registers how far it is, where it is not empty. */
export function lookCall(keys: RoomKeys, last: number, reader: string): RedisCall {
  return callScript(LOOK_SCRIPT, [keys.meta, keys.log, keys.readers], [last, reader])
}

/** What a look at a room found. */
export interface Found {
  readonly epoch: string
  readonly generation: number
  readonly last: number
  /** Of the entry that was read last; empty where it is gone. */
  readonly token: string
  readonly isTrimmable: boolean
}

/** What a room had read when it looked. */
export interface Asked {
  readonly last: number
  /** Of the entry at `last`; empty where it is not known. */
  readonly token: string
  /** Whether anything was stored. */
  readonly wasBorn: boolean
}

/** Whether what is stored is not what was read: nothing, less, or something else under the same number. */
export function isLost(found: Found | undefined, asked: Asked): boolean {
  if (found === undefined) return asked.wasBorn
  return found.last < asked.last || isAnother(found.token, asked.token)
}

/** `undefined` where nothing is stored. */
export function parseLook(reply: RedisReply): Found | undefined {
  const [epoch, generation, last, token, isTrimmable] = listOf(reply)
  const name = textOf(epoch)
  if (name === undefined) return undefined
  return {
    epoch: name,
    generation: countOf(generation) ?? 0,
    last: countOf(last) ?? 0,
    token: textOf(token) ?? '',
    isTrimmable: textOf(isTrimmable) === '1',
  }
}

/** How far the stored snapshot reaches now, and why it is not the new one where it is not. */
export interface Compacted {
  readonly present: number
  readonly refusal?: LogError | undefined
}

/** Replaces the snapshot under its fence. Rejects with `unavailable` where Redis did not answer. */
export async function compactRoom(
  connection: RedisCommands,
  { room, keys, head, yredis, lastRead }: CalledRoom,
  snapshot: Snapshot,
  fence: Fence,
): Promise<Compacted> {
  const [basedOn, upTo] = [parsePosition(fence.basedOn), parsePosition(fence.upTo)]
  const fenced = (reason: string): LogError =>
    new LogError('fenced', `compaction of room ${room} refused: ${reason}; start again from a fresh read`)
  if (basedOn === undefined || upTo === undefined)
    return { present: parsePosition(head.upTo) ?? 0, refusal: fenced('its positions are none of this log') }
  const [reply] = await connection.run([
    callScript(
      COMPACT_SCRIPT,
      [keys.meta, keys.log, keys.snapshot, keys.list],
      [
        fence.epoch,
        fence.generation,
        basedOn,
        upTo,
        bufferOf(snapshot.bytes),
        checksumOf(snapshot.bytes),
        ...(snapshot.title === undefined ? ['0', ''] : ['1', snapshot.title]),
        yredis === 'off' ? '' : keys.bell,
        keys.mark,
        lastRead.last,
        lastRead.token,
      ],
    ),
  ])
  if (reply instanceof Error) throw unavailable(room, reply)
  const [kind, reason, present] = listOf(reply)
  if (textOf(kind) === 'done') return { present: upTo }
  return { present: countOf(present) ?? 0, refusal: fenced(textOf(reason) ?? 'it was not taken') }
}

/** Begins a new epoch where what is stored is still what was found. Rejects with `unavailable`. */
export async function renewRoom(
  connection: RedisCommands,
  { room, keys, head }: CalledRoom,
  foundEpoch: string,
  epoch: string,
): Promise<void> {
  const { tombstone } = head
  const buried =
    tombstone === undefined
      ? ['', '', '']
      : [bufferOf(tombstone.stateVector), tombstone.deletedAt, tombstone.generation]
  const [reply] = await connection.run([
    callScript(
      RENEW_SCRIPT,
      [keys.meta, keys.log, keys.snapshot, keys.list],
      [REDIS_FORMAT, foundEpoch, epoch, head.generation, keys.channel, ...buried],
    ),
  ])
  if (reply instanceof Error) throw unavailable(room, reply)
}
