import { RedisPersistence } from 'y-redis'
import * as Y from 'yjs'

/** A document bound by the published y-redis, as any process would. */
export interface YRedisBinder {
  readonly doc: Y.Doc
  readonly persistence: RedisPersistence
  /** Resolves once y-redis has read the list for the first time. */
  readonly synced: Promise<unknown>
  /** Writes nothing more, and ends its connections once what it pushed was told. */
  destroy(): Promise<void>
}

/**
 * Binds a document with `y-redis@1.0.3` as it is.
 *
 * @param name prefix and room: `roomful:lobby`
 */
export function bindYRedis(port: number, name: string, doc: Y.Doc = new Y.Doc()): YRedisBinder {
  return bind(new RedisPersistence({ redisOpts: { host: '127.0.0.1', port } }), name, doc)
}

/** As {@link bindYRedis}, over the cluster of which this is a node. */
export function bindYRedisToCluster(port: number, name: string, doc: Y.Doc = new Y.Doc()): YRedisBinder {
  return bind(new RedisPersistence({ redisClusterOpts: [{ host: '127.0.0.1', port }] }), name, doc)
}

function bind(persistence: RedisPersistence, name: string, doc: Y.Doc): YRedisBinder {
  // without listeners its client library prints them
  persistence.redis.on('error', () => undefined)
  persistence.sub.on('error', () => undefined)
  let isGone = false
  const bound = persistence.bindState(name, doc)
  return {
    doc,
    persistence,
    synced: bound.synced,
    async destroy() {
      if (isGone) return
      isGone = true
      doc.off('update', bound.updateHandler)
      // a push, then its message: either would reject where nobody catches
      for (let turn = 0; turn < 2; turn += 1) await persistence.redis.llen(name)
      persistence.redis.disconnect()
      persistence.sub.disconnect()
    },
  }
}
