import type { RoomName } from '@roomful/shared'
import { LogError } from './log-error.ts'
import type { RedisCommands } from './redis-commands.ts'
import { isAbsent, parseSummary, SUMMARY_FIELDS } from './redis-head.ts'
import type { RedisKeys } from './redis-keys.ts'
import { listOf, textOf } from './redis-reply.ts'
import type { RoomSummary } from './room-log.ts'

/** Rooms asked for at once. */
const LIST_CHUNK = 200

/**
 * Asks for several things at once.
 *
 * @throws LogError `unavailable` where one of them was refused, or Redis is away.
 */
export async function askRedis(
  connection: RedisCommands,
  calls: Parameters<RedisCommands['run']>[0],
): Promise<readonly unknown[]> {
  if (calls.length === 0) return []
  const replies = await connection.run(calls)
  const error = replies.find((reply) => reply instanceof Error)
  if (error !== undefined)
    throw new LogError('unavailable', 'Redis cannot be asked now: try again later', { cause: error })
  return replies
}

/** Which rooms are listed. `prunes`: names of rooms that are gone are forgotten on the way. */
export interface Listing {
  readonly after: RoomName | ''
  readonly prunes: boolean
}

/** Rooms in name order. @throws LogError `unavailable`. */
export async function* listRooms(
  connection: RedisCommands,
  keys: RedisKeys,
  { after, prunes }: Listing,
): AsyncGenerator<RoomSummary> {
  for (let last: string = after; ;) {
    const from = last === '' ? '-' : `(${last}`
    const [reply] = await askRedis(connection, [
      { command: 'ZRANGEBYLEX', args: [keys.rooms, from, '+', 'LIMIT', 0, LIST_CHUNK] },
    ])
    // names that were parsed before they were listed
    const names = listOf(reply).map((name) => (textOf(name) ?? '') as RoomName)
    const metas = await askRedis(
      connection,
      names.map((name) => ({ command: 'HMGET', args: [keys.room(name).meta, ...SUMMARY_FIELDS] })),
    )
    for (const [index, name] of names.entries()) {
      const summary = parseSummary(name, metas[index])
      if (summary !== undefined) yield summary
    }
    if (prunes)
      await forget(
        connection,
        keys,
        names.filter((_name, index) => isAbsent(metas[index])),
      )
    if (names.length < LIST_CHUNK) return
    last = names.at(-1) ?? ''
  }
}

/** One that comes back in this very moment was listed before it is stored: it is listed again. */
async function forget(connection: RedisCommands, keys: RedisKeys, names: readonly RoomName[]): Promise<void> {
  if (names.length === 0) return
  await askRedis(connection, [{ command: 'ZREM', args: [keys.rooms, ...names] }])
  const stored = await askRedis(
    connection,
    names.map((name) => ({ command: 'EXISTS', args: [keys.room(name).meta] })),
  )
  const back = names.filter((_name, index) => stored[index] === 1)
  await askRedis(
    connection,
    back.map((name) => ({ command: 'ZADD', args: [keys.rooms, 0, name] })),
  )
}
