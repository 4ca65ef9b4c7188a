// @ts-check
import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import { RedisPersistence } from 'y-redis'

/**
 * The published y-redis with its connections.
 *
 * For a cluster it takes addresses of nodes and nothing else, so that who we are and how to trust them is given to its client
 * library (ioredis 4) behind its back, before the first connection is made, which is in a later turn. Against a node that
 * goes by its number the certificate is held to the name under which the cluster was given.
 *
 * @param {import('../log/yredis-options.ts').YRedisClient} client
 * @returns {RedisPersistence}
 * @throws {Error} where the client library is not the one that y-redis 1.0.3 brings
 */
export function openYRedis({ redisOpts, nodes }) {
  if (nodes === undefined) return new RedisPersistence({ redisOpts })
  const [seed] = nodes
  const tls = redisOpts.tls && {
    ...redisOpts.tls,
    checkServerIdentity: (
      /** @type {string} */ host,
      /** @type {import('node:tls').PeerCertificate} */ cert,
    ) => checkServerIdentity(isIP(host) === 0 ? host : (seed?.host ?? host), cert),
  }
  const persistence = new RedisPersistence({ redisClusterOpts: nodes.map((node) => ({ ...node })) })
  for (const { connectionPool } of [persistence.redis, persistence.sub]) {
    if (connectionPool === undefined) throw new Error('y-redis 1.0.3 needs its own ioredis 4 for a cluster')
    connectionPool.redisOptions = { ...redisOpts, ...(tls && { tls }) }
  }
  return persistence
}
