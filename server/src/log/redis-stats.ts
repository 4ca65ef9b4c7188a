import type { RedisCommands, RedisServerCount } from './redis-commands.ts'
import type { RedisConnection } from './redis-connection.ts'
import type { RedisInstances } from './redis-instances.ts'

/** Connections of a Redis log. */
export type RedisConnectionName = 'commands' | 'subscriptions'

/**
 * What can be seen of a Redis log: plain numbers, counted where it happens and read when somebody looks (`/metrics`,
 * `/readyz`).
 */
export interface RedisStats {
  /** Which connections are there. */
  isConnected(connection: RedisConnectionName): boolean
  /** One; of a cluster the masters that hold keys. */
  readonly servers: RedisServerCount
  /** Commands that were sent and not answered. */
  readonly inFlight: number
  /** Ms since the lease of this instance was renewed; `undefined` before the first time. */
  readonly leaseAgeMs: number | undefined
  /** Other instances whose lease runs. */
  readonly otherInstances: number
  readonly counts: Readonly<RedisCounts>
  /** Told how long each stored batch of appends took, ms. Must not throw. */
  onAppend: (ms: number) => void
}

/** Since the start. */
export interface RedisCounts {
  /** Connections that came back after a loss. */
  reconnects: number
  /** Entries that were missing, or too large to be published, and were read from the stream. */
  holes: number
  /** Lost doorbells: the slow poll found entries nobody had told of. */
  healed: number
  /** The stored log was another or an older one, or was trimmed away under its reader. */
  rewinds: number
  /** Messages about who is present, sent. */
  presence: number
  /** Of them, those that were not sent, for Redis was slow: one that tells everything took their place. */
  superseded: number
  /** Instances that were declared gone. */
  gone: number
}

export function createRedisCounts(): RedisCounts {
  return { reconnects: 0, holes: 0, healed: 0, rewinds: 0, presence: 0, superseded: 0, gone: 0 }
}

/** Reads where it is asked: nothing is copied while nobody looks. */
export function createRedisStats(
  counts: Readonly<RedisCounts>,
  commands: RedisCommands,
  subscriptions: RedisConnection,
  instances: RedisInstances,
): RedisStats {
  return {
    isConnected: (name) => (name === 'commands' ? commands : subscriptions).isReady,
    get servers() {
      return commands.servers
    },
    get inFlight() {
      return commands.inFlight
    },
    get leaseAgeMs() {
      return instances.ageMs
    },
    get otherInstances() {
      return instances.others
    },
    get counts() {
      return { ...counts, reconnects: commands.reconnects + subscriptions.reconnects }
    },
    onAppend: () => undefined,
  }
}
