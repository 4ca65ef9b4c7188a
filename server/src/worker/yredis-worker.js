// @ts-check
import { parentPort } from 'node:worker_threads'
import * as Y from 'yjs'
import { openYRedis } from './yredis-open.js'

/**
 * Entry of the thread that reads lists as y-redis itself does: `{ id, client, name }` in, `{ id, ok, … }` out, one at a
 * time. An entry that Yjs cannot apply ends y-redis: here it rejects or ends the thread, and nothing else.
 */
parentPort?.on(
  'message',
  (
    /** @type {{ id: number, client: import('../log/yredis-options.ts').YRedisClient, name: string }} */ {
      id,
      client,
      name,
    },
  ) => {
    load(client, name).then(
      (result) =>
        parentPort?.postMessage({ id, ok: true, result }, [
          /** @type {ArrayBuffer} */ (result.update.buffer),
        ]),
      (error) =>
        parentPort?.postMessage({
          id,
          ok: false,
          message: error instanceof Error ? error.message : String(error),
        }),
    )
  },
)

/**
 * @param {import('../log/yredis-options.ts').YRedisClient} client
 * @param {string} name
 */
async function load(client, name) {
  const persistence = openYRedis(client)
  const doc = new Y.Doc()
  try {
    const bound = persistence.bindState(name, doc)
    await bound.synced
    // a copy of its own: it changes hands
    return { update: Y.encodeStateAsUpdate(doc).slice(), length: bound._clock }
  } finally {
    doc.destroy()
    persistence.redis.disconnect()
    persistence.sub.disconnect()
  }
}
