import type { RoomName } from '@roomful/shared'
import type { RedisArg, RedisCall, RedisReply } from './redis-commands.ts'
import { encodePayload, type NewEntry } from './redis-entry.ts'
import { REDIS_FORMAT } from './redis-head.ts'
import type { RoomKeys } from './redis-keys.ts'
import { MAX_PUBLISHED_BYTES } from './redis-room-calls.ts'
import { bufferOf, countOf, listOf, textOf } from './redis-reply.ts'
import { callScript } from './redis-script.ts'
import type { LogHead } from './room-log.ts'
import { YREDIS_HEAL_SCRIPT, YREDIS_IMPORT_SCRIPT, YREDIS_LOOK_SCRIPT } from './yredis-lua.ts'
import { YREDIS_WRITER } from './yredis-mode.ts'

/** A room as the calls of its list need it. */
export interface ListedRoom {
  readonly room: RoomName
  readonly keys: RoomKeys
  readonly head: LogHead
  /** Whether anything is stored. */
  readonly isBorn: boolean
}

/** What a look at a list found. */
export interface FoundList {
  /** Of the log; empty where nothing is stored. */
  readonly epoch: string
  /** Sequence number of the log's last entry. */
  readonly last: number
  /** So many entries are in the log; `undefined` where nobody has ever looked. */
  readonly imported: number | undefined
  readonly length: number
  /** The greatest length that its listeners were told. */
  readonly published: number
  /** Whether the list holds all that the log does. */
  readonly isInStep: boolean
  /** Subscribers that are none of Roomful's. */
  readonly listeners: number
  /** Entries that were cut off its start while nobody foreign listened. */
  readonly cut: number
}

/** One entry of the list that goes to the log. */
export interface ListedEntry {
  readonly index: number
  readonly update: Uint8Array
}

/** @param rings whether listeners are told the length again. */
export function lookAtList(keys: RoomKeys, rings: boolean): RedisCall {
  return callScript(YREDIS_LOOK_SCRIPT, [keys.meta, keys.list], [keys.bell, keys.mark, rings ? '1' : '0'])
}

/** `undefined` where the answer is none. */
export function parseFoundList(reply: RedisReply): FoundList | undefined {
  const [epoch, last, imported, length, published, step, listeners, cut] = listOf(reply)
  const name = textOf(epoch)
  const size = countOf(length)
  if (name === undefined || size === undefined) return undefined
  return {
    epoch: name,
    last: countOf(last) ?? 0,
    imported: countOf(imported),
    length: size,
    published: countOf(published) ?? 0,
    isInStep: textOf(step) === '1',
    listeners: countOf(listeners) ?? 0,
    cut: countOf(cut) ?? 0,
  }
}

/** What is taken over in one call. */
export interface ListImport {
  readonly found: FoundList
  /** So many entries are in the log afterwards. */
  readonly to: number
  readonly entries: readonly ListedEntry[]
  /** Indexes of those that were refused. */
  readonly refused: readonly number[]
  readonly writer: string
  readonly counter: number
  readonly at: number
}

export function importFromList({ keys, head, isBorn }: ListedRoom, taken: ListImport): RedisCall {
  const { found, to, refused, writer, counter, at } = taken
  const meta = { instanceId: YREDIS_WRITER, at }
  const entries = taken.entries.map(({ update }): NewEntry => ({ update: bufferOf(update), meta }))
  const bytes = entries.reduce((sum, { update }) => sum + update.byteLength, 0)
  const args: RedisArg[] = [REDIS_FORMAT, head.epoch, head.generation, isBorn ? '0' : '1', keys.channel]
  args.push(writer, counter, found.imported ?? '', to)
  args.push(bytes > MAX_PUBLISHED_BYTES ? '' : encodePayload(entries), YREDIS_WRITER, at)
  args.push(refused.length, ...refused)
  for (const { index, update } of taken.entries) args.push(index, bufferOf(update))
  return { ...callScript(YREDIS_IMPORT_SCRIPT, [keys.meta, keys.log, keys.list], args), isBound: true }
}

/** @param everything up to `upTo`. @param known the length that listeners may know, whatever is stored. */
export function healList(
  { keys, head }: ListedRoom,
  length: number,
  known: number,
  everything: { readonly update: Uint8Array; readonly upTo: number },
): RedisCall {
  const call = callScript(
    YREDIS_HEAL_SCRIPT,
    [keys.meta, keys.log, keys.list],
    [head.epoch, head.generation, length, known, everything.upTo, bufferOf(everything.update), keys.bell],
  )
  return { ...call, isBound: true }
}
