import type { RedisAddress, RedisNode } from './redis-address.ts'
import { addressOptions, type RedisAddressOptions, type RedisSecrets } from './redis-options.ts'

/** What y-redis hands to the client library it brings along (ioredis 4). */
export interface YRedisClientOptions extends RedisAddressOptions {
  /** A command waits for its connection, however long. */
  readonly maxRetriesPerRequest?: null
}

/** What a client of y-redis is made of. */
export interface YRedisClient {
  /** Of each of its connections. */
  readonly redisOpts: YRedisClientOptions
  /** Of a cluster: nodes that know the others. */
  readonly nodes?: readonly RedisNode[] | undefined
}

/** How y-redis gets to an address. */
export function yredisClient(address: RedisAddress, secrets: RedisSecrets = {}): YRedisClient {
  const redisOpts = yredisOptions(address, secrets)
  if (address.layout.kind !== 'cluster') return { redisOpts }
  const { host: _host, port: _port, ...shared } = redisOpts
  return { redisOpts: shared, nodes: address.nodes }
}

/** A Redis address as `new RedisPersistence({ redisOpts })` takes it, which has no place for an address and a certificate. */
export function yredisOptions(address: RedisAddress, secrets: RedisSecrets = {}): YRedisClientOptions {
  return addressOptions(address, secrets)
}
