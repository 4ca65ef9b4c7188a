import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { RedisConnectionName, RedisCounts, RedisStats } from './log/redis-stats.ts'

/** A Redis next door answers in less than a millisecond, one that syncs every write or stands abroad later. */
const APPEND_BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5]
const CONNECTIONS: readonly RedisConnectionName[] = ['commands', 'subscriptions']
const MS_PER_S = 1_000

const COUNTED: Readonly<Record<keyof RedisCounts, string>> = {
  reconnects: 'Connections to Redis that came back after a loss',
  holes: 'Entries nobody had told of, or too large to be told, read from the stream',
  healed: 'Lost doorbells that the slow poll made up for',
  rewinds: 'Times a stored room was another or an older one, or trimmed under its reader',
  presence: 'Messages about who is present, sent',
  superseded:
    'Messages about who is present that were not sent, for Redis was slow: the latest of everybody took their place',
  gone: 'Instances that were declared gone',
}

/** The metrics of a log on Redis: `roomful_redis_…`. */
export function registerRedisMetrics(registry: Registry, stats: RedisStats): void {
  const registers = [registry]
  const connected: Gauge<'connection'> = new Gauge({
    name: 'roomful_redis_connected',
    help: 'Whether a connection to Redis is there',
    labelNames: ['connection'],
    registers,
    collect() {
      for (const connection of CONNECTIONS)
        connected.set({ connection }, stats.isConnected(connection) ? 1 : 0)
    },
  })
  const gauge = (name: string, help: string, read: () => number): void => {
    const value: Gauge = new Gauge({
      name: `roomful_redis_${name}`,
      help,
      registers,
      collect: () => value.set(read()),
    })
  }
  gauge('servers', 'Servers that hold keys: masters of a cluster, or one', () => stats.servers.known)
  gauge('servers_connected', 'Those of them that are connected', () => stats.servers.connected)
  gauge('commands_in_flight', 'Commands that Redis has not answered', () => stats.inFlight)
  gauge(
    'lease_age_seconds',
    'Since this instance renewed its lease; above 15 it is gone for the others',
    () => (stats.leaseAgeMs ?? 0) / MS_PER_S,
  )
  gauge('other_instances', 'Other instances that are heard of', () => stats.otherInstances)
  for (const [name, help] of Object.entries(COUNTED) as [keyof RedisCounts, string][]) {
    const total: Counter = new Counter({
      name: `roomful_redis_${name}_total`,
      help,
      registers,
      collect() {
        total.reset()
        total.inc(stats.counts[name])
      },
    })
  }
  const append = new Histogram({
    name: 'roomful_redis_append_seconds',
    help: 'From a batch of appends sent to Redis to its answer',
    buckets: APPEND_BUCKETS_S,
    registers,
  })
  stats.onAppend = (ms) => append.observe(ms / MS_PER_S)
}
