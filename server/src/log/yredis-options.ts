import type { RedisAddress, RedisNode } from './redis-address.ts'
import type { RedisSecrets } from './redis-options.ts'

/** What y-redis hands to the client library it brings along (ioredis 4). */
export interface YRedisClientOptions {
  readonly host?: string
  readonly port?: number
  readonly sentinels?: readonly RedisNode[]
  /** What the Sentinels call it. */
  readonly name?: string
  readonly sentinelPassword?: string
  readonly enableTLSForSentinelMode?: boolean
  readonly sentinelTLS?: { readonly ca?: string }
  readonly username?: string
  readonly password?: string
  readonly db: number
  /** A command waits for its connection, however long. */
  readonly maxRetriesPerRequest?: null
  readonly tls?: { readonly ca?: string }
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
export function yredisOptions(
  { nodes, layout, username, password, db, isTls }: RedisAddress,
  { ca, sentinelPassword }: RedisSecrets = {},
): YRedisClientOptions {
  const [{ host, port }] = nodes
  const tls = ca === undefined ? {} : { ca }
  return {
    ...(layout.kind !== 'sentinels'
      ? { host, port }
      : {
          sentinels: nodes,
          name: layout.name,
          ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
          ...(isTls ? { enableTLSForSentinelMode: true, sentinelTLS: tls } : {}),
        }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    db,
    ...(isTls ? { tls } : {}),
  }
}
