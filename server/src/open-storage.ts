import type { RedisStorage } from './config-redis.ts'
import type { Storage } from './config.ts'
import type { CommitStats } from './log/commit-queue.ts'
import { createEmbeddedLog } from './log/embedded-log.ts'
import { createMemoryLog } from './log/memory-log.ts'
import type { RedisLog } from './log/redis-log-options.ts'
import type { RedisStats } from './log/redis-stats.ts'
import type { LogBackend } from './log/room-log.ts'
import type { Logger } from './logger.ts'

/** The log as it was opened, and what `/readyz` calls it. */
export interface OpenedStorage {
  readonly backend: LogBackend
  readonly kind: 'embedded' | 'memory' | 'redis'
  /** Of a log on Redis. */
  readonly redis?: RedisStats | undefined
}

/** What is told and bounded beside the storage itself. */
export interface StorageOptions {
  /** So many revocations are told apart. */
  readonly maxRevocations: number
  /** Told after each group commit. */
  readonly onCommit?: ((stats: CommitStats) => void) | undefined
}

/**
 * Opens the configured log. On a read-only disk (and only there: a forbidden folder is a mistake to correct) rooms are kept
 * in memory, and the log says so.
 *
 * @throws LogError where the folder is in use, forbidden, damaged or of a newer format; where Redis is away, does not let us
 *   in, throws rooms away or holds a newer format.
 */
export async function openStorage(
  storage: Storage,
  logger: Logger,
  options: StorageOptions,
): Promise<OpenedStorage> {
  switch (storage.kind) {
    case 'memory':
      logger.warn('DATA_DIR=:memory: – nothing is saved: rooms end with this process')
      return { backend: createMemoryLog(), kind: 'memory' }
    case 'redis': {
      const backend = await openRedis(storage, logger, options)
      return { backend, kind: 'redis', redis: backend.stats }
    }
    case 'embedded':
      try {
        return { backend: await openFolder(storage.dir, logger, options), kind: 'embedded' }
      } catch (error) {
        if (!isReadOnlyDisk(error)) throw error
        logger.warn(
          { dir: storage.dir },
          'READ-ONLY DISK – nothing is saved: rooms live in memory and end with this process. Set DATA_DIR to a writable folder',
        )
        return { backend: createMemoryLog(), kind: 'memory' }
      }
  }
}

function openFolder(
  dir: string,
  logger: Logger,
  { maxRevocations, onCommit }: StorageOptions,
): Promise<LogBackend> {
  return createEmbeddedLog({
    dir,
    maxRevocations,
    onCommit,
    onHealth(isHealthy, err) {
      if (isHealthy) logger.info({ dir }, 'storage takes writes again')
      else logger.error({ dir, err }, 'storage fails: nothing is acknowledged until it takes writes again')
    },
  })
}

async function openRedis(
  storage: RedisStorage,
  logger: Logger,
  { maxRevocations }: StorageOptions,
): Promise<RedisLog> {
  const { url, prefix, ca, sentinelPassword, allowEviction, yredis, retentionMs } = storage
  // only here: its clients are a seventh of what a start without Redis would load
  const { createRedisLog } = await import('./log/redis-log.ts')
  const log = await createRedisLog({
    url,
    prefix,
    ca,
    sentinelPassword,
    allowEviction,
    yredis,
    retentionMs,
    maxRevocations,
    onWaiting: (err) => logger.warn({ err }, 'waiting for Redis'),
    onHealth(isHealthy, err) {
      if (isHealthy) logger.info('Redis takes writes again')
      else logger.error({ err }, 'Redis fails: nothing is acknowledged until it takes writes again')
    },
    onPromise(durability, err) {
      logger.warn({ durability }, 'Redis was connected anew: this is what "saved" means now')
      if (err !== undefined) logger.error({ err }, 'Redis would be refused at a start by now')
    },
  })
  const facts = { redis: log.address, prefix, durability: log.durability, yredis, retentionMs }
  logger.info(facts, 'Redis is there')
  return log
}

/** Whether an error or one of its causes is EROFS; LevelDB only says so in words. */
export function isReadOnlyDisk(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === 'EROFS') return true
    if (/read-only file system/i.test(cause.message)) return true
  }
  return false
}
