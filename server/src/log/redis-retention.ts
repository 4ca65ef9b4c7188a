import type { RedisCall, RedisCommands } from './redis-commands.ts'
import type { RoomKeys } from './redis-keys.ts'
import { callScript, redisScript, type RedisScript } from './redis-script.ts'

/**
 * Gives all keys of a room one moment at which they go, or takes it from them. A room that was deleted once stays: its
 * tombstone keeps out what old tabs still hold of it.
 *
 * `KEYS` meta, log, snapshot, readers, writers, y-redis's list. `ARGV` ms from now, 0 = for ever. By the clock of Redis.
 */
const RETAIN_SCRIPT: RedisScript = redisScript(`
local keep = tonumber(ARGV[1])
if redis.call('HEXISTS', KEYS[1], 'tg') == 1 then keep = 0 end
local due = false
for _, key in ipairs(KEYS) do
  local left = redis.call('PTTL', key)
  if keep == 0 then
    if left >= 0 then redis.call('PERSIST', key) end
  elseif left == -1 or (left >= 0 and left < keep * 0.9) then due = true end
end
if due then
  local time = redis.call('TIME')
  local at = string.format('%.0f', tonumber(time[1]) * 1000 + keep)
  for _, key in ipairs(KEYS) do redis.call('PEXPIREAT', key, at) end
end
`)

/** An open room's end is put off every 15 s, by instances that may be away for a while. */
const MIN_RETENTION_MS = 60_000

/** @throws RangeError where it is too short. */
export function parseRetention(ms: number | undefined): number | undefined {
  if (ms !== undefined && !(ms >= MIN_RETENTION_MS && ms < Infinity))
    throw new RangeError(`retentionMs must be at least ${MIN_RETENTION_MS} (a minute), not ${ms}`)
  return ms
}

/**
 * How long Redis keeps a room that nobody has open. Every instance that has it open puts the end off again and again; the
 * last one leaves it where it is.
 */
export class RedisRetention {
  readonly #connection: RedisCommands
  readonly #keepMs: number

  /** @param keepMs `undefined` = for ever; the same for all instances. */
  constructor(connection: RedisCommands, keepMs: number | undefined) {
    this.#connection = connection
    this.#keepMs = keepMs ?? 0
  }

  /** Whether rooms end at all. */
  get isLimited(): boolean {
    return this.#keepMs > 0
  }

  /** A room is being opened: whatever was decided before, it may not go now. */
  opened(keys: RoomKeys): void {
    void this.#connection.run([this.#call(keys)])
  }

  /** Rooms are open still, or were until now. */
  touch(rooms: Iterable<{ readonly keys: RoomKeys }>): void {
    if (this.isLimited) void this.#connection.run(Array.from(rooms, ({ keys }) => this.#call(keys)))
  }

  #call({ meta, log, snapshot, readers, writers, list }: RoomKeys): RedisCall {
    return callScript(RETAIN_SCRIPT, [meta, log, snapshot, readers, writers, list], [this.#keepMs])
  }
}
