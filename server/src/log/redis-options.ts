import type { RedisOptions } from 'ioredis'
import { isIP } from 'node:net'
import type { RedisAddress, RedisNode } from './redis-address.ts'

/** What has to be known besides the address. */
export interface RedisSecrets {
  /** PEM of the authority that signed the certificate of the server and of the Sentinels. */
  readonly ca?: string | undefined
  /** Of the Sentinels themselves. */
  readonly sentinelPassword?: string | undefined
}

/** Between two attempts to connect: quick, for rooms wait. */
const RECONNECT_MAX_MS = 500
const CONNECT_TIMEOUT_MS = 3_000

/** Where Redis is and who asks, as every version of ioredis takes it. */
export interface RedisAddressOptions {
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
  readonly tls?: { readonly ca?: string }
}

/** What an address says; of a cluster: its first node. */
export function addressOptions(
  { nodes, layout, username, password, db, isTls }: RedisAddress,
  { ca, sentinelPassword }: RedisSecrets,
): RedisAddressOptions {
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

/** What connections are made with. */
export type RedisSettings = Omit<RedisOptions, 'replyMapping'>

/** How each connection behaves: it fails at once and comes back by itself. In a cluster: to its first node. */
export function connectionOptions(
  address: RedisAddress,
  { ca, sentinelPassword }: RedisSecrets,
): RedisSettings {
  const retry = (times: number): number => Math.min(2 ** times * 25, RECONNECT_MAX_MS)
  const { sentinels, ...shared } = addressOptions(address, { ca, sentinelPassword })
  return {
    ...shared,
    ...(sentinels === undefined
      ? {}
      : {
          sentinels: [...sentinels],
          sentinelRetryStrategy: retry,
          sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
          // a connection to a Redis that is no longer the one in charge would never break by itself
          failoverDetector: true,
        }),
    lazyConnect: true,
    // what was sent twice could be stored twice: who sends knows
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxLoadingRetryTime: 500,
    retryStrategy: retry,
    connectionName: 'roomful',
  }
}

/**
 * What changes in those of {@link connectionOptions} for a node of the cluster. A node that goes by its number has to show a
 * certificate for the name under which the cluster was given: no certificate is for a number that changes.
 */
export function nodeOptions(
  { nodes: [seed], isTls }: RedisAddress,
  { ca }: RedisSecrets,
  { host, port }: RedisNode,
): Pick<RedisSettings, 'host' | 'port' | 'tls'> {
  const servername = isIP(host) !== 0 && isIP(seed.host) === 0 ? { servername: seed.host } : {}
  return { host, port, ...(isTls ? { tls: { ...(ca === undefined ? {} : { ca }), ...servername } } : {}) }
}
