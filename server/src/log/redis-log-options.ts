import type { Clock } from '../clock.ts'
import type { RandomBytes } from './entropy.ts'
import type { PromiseListener } from './redis-promise.ts'
import type { RedisStats } from './redis-stats.ts'
import type { LogBackend } from './room-log.ts'
import type { HealthListener } from './supervised-store.ts'
import type { YRedisMode } from './yredis-mode.ts'

/** What a Redis log takes from outside. */
export interface RedisLogOptions {
  /**
   * `redis://user:password@host:port/db`; `rediss://` for TLS; `redis+sentinel://user:password@host:port,host:port/name/db`
   * for one that Sentinels watch; `redis+cluster://user:password@host:port,host:port` for a cluster.
   */
  readonly url: string
  /** In front of every key; without braces. Default `roomful:`. */
  readonly prefix?: string | undefined
  /** PEM of the authority that signed the server's certificate, where it is none that Node knows. */
  readonly ca?: string | undefined
  /** Of the Sentinels themselves, where they ask for one. */
  readonly sentinelPassword?: string | undefined
  /** Start although Redis may throw rooms away when its memory is full. */
  readonly allowEviction?: boolean | undefined
  /** Without a sign of life for so long another instance is gone, and everybody on it; default 15 s, for all instances alike. */
  readonly presenceLeaseMs?: number | undefined
  /** How long Redis keeps a room that no instance has open, ms, at least a minute; default for ever. The same for all instances. */
  readonly retentionMs?: number | undefined
  /** How long to wait for Redis at the start; default 30 s. */
  readonly startMs?: number | undefined
  /** So many revocations are told apart, for all instances alike; default 10,000. Beyond it the oldest becomes one for everybody. */
  readonly maxRevocations?: number | undefined
  /** Whether rooms are kept in y-redis's layout as well, for processes that use it. Default `live`. */
  readonly yredis?: YRedisMode | undefined
  /** Told once when the start has to wait. */
  readonly onWaiting?: ((error: Error | undefined) => void) | undefined
  /** Told when Redis cannot be written and when it can again. Must not throw. */
  readonly onHealth?: HealthListener | undefined
  /** Told when a server that was connected anew promises something else than before. Must not throw. */
  readonly onPromise?: PromiseListener | undefined
  readonly clock?: Clock | undefined
  readonly randomBytes?: RandomBytes | undefined
}

/** The log of one Redis. */
export interface RedisLog extends LogBackend {
  /** `host:port`; with Sentinels their name for it, and where they are; of a cluster the nodes that were given. */
  readonly address: string
  /** `false` while Redis is away or refuses: appends wait, `open`, `read`, `rooms`, `delete` reject with `unavailable`. */
  readonly isHealthy: boolean
  readonly stats: RedisStats
}
