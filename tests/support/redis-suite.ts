import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { RedisNodes, type RedisNodesOptions } from './redis-nodes.ts'
import { findRedis, REDIS_MISSING, RedisServer, type RedisServerOptions } from './redis-server.ts'

/** What the tests of one file share: Redis servers, and whatever else has to be gone after each test. */
export interface RedisSuite {
  /** The one of the whole file. Only where {@link redisSuite} was asked for it. */
  readonly redis: RedisServer
  /** The cluster of the whole file. Only where {@link redisSuite} was asked for it. */
  readonly nodes: RedisNodes
  /** One for this test alone. */
  start(options?: RedisServerOptions): Promise<RedisServer>
  /** A cluster for this test alone. */
  startCluster(options?: RedisNodesOptions): Promise<RedisNodes>
  /** Runs after the test, last first. */
  after(cleanup: () => unknown): void
}

/** What a file asks {@link redisSuite} for. */
export interface RedisSuiteOptions {
  /** One server for all tests of the file. */
  readonly shared?: boolean
  /** One cluster for all tests of the file. */
  readonly sharedCluster?: RedisNodesOptions
}

/**
 * Sets a file up whose tests need Redis. Where none is installed each of them is skipped with its reason: at a desk that is
 * counted, in continuous integration it fails the run (`scripts/tally.mjs`).
 *
 * @example const suite = redisSuite({ shared: true })
 */
export function redisSuite({ shared = false, sharedCluster }: RedisSuiteOptions = {}): RedisSuite {
  const isThere = findRedis() !== undefined
  let redis: RedisServer | undefined
  let nodes: RedisNodes | undefined
  const cleanups: (() => unknown)[] = []

  beforeAll(async () => {
    if (shared && isThere) redis = await RedisServer.start()
    if (sharedCluster !== undefined && isThere) nodes = await RedisNodes.start(sharedCluster)
  })
  beforeEach(({ skip }) => skip(!isThere, REDIS_MISSING))
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })
  afterAll(async () => {
    await redis?.stop()
    await nodes?.stop()
  })

  return {
    get redis() {
      if (redis === undefined) throw new Error('there is no server of the whole file')
      return redis
    },
    get nodes() {
      if (nodes === undefined) throw new Error('there is no cluster of the whole file')
      return nodes
    },
    async start(options) {
      const server = await RedisServer.start(options)
      cleanups.push(() => server.stop())
      return server
    },
    async startCluster(options) {
      const started = await RedisNodes.start(options)
      cleanups.push(() => started.stop())
      return started
    },
    after(cleanup) {
      cleanups.push(cleanup)
    },
  }
}
