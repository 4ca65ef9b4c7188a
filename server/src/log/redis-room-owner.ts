import type { Clock } from '../clock.ts'
import type { RedisCommands } from './redis-commands.ts'
import type { RedisRoom } from './redis-room.ts'
import type { RedisCounts } from './redis-stats.ts'
import type { YRedisSettings } from './yredis-peer.ts'

/** What a room shares with the others of its backend. */
export interface RedisRoomOwner {
  readonly connection: RedisCommands
  readonly clock: Clock
  /** Key of the listing. */
  readonly rooms: string
  /** Whether rooms are kept in y-redis's layout as well. */
  readonly yredis: YRedisSettings
  mintEpoch(): string
  /** This instance, as the others know it. */
  readonly instance: string
  /** Another instance was heard of. */
  heardOf(instance: string): void
  /** The room has something to ask Redis: its jobs are fetched at the end of the turn. */
  wake(room: RedisRoom): void
  /** Redis refused, or a call failed: the room's jobs are to be fetched again after a while. */
  failed(room: RedisRoom, error: Error): void
  /** Something of this room was read or stored. */
  touched(room: RedisRoom): void
  /** Redis took an append, in so many ms. */
  stored(ms: number): void
  readonly counts: RedisCounts
  /** Redis answered, and nothing of this room waits to be stored. */
  answered(room: RedisRoom): void
  left(): void
}
