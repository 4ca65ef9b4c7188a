import type { RedisPersistence } from 'y-redis'
import type { YRedisClient } from '../log/yredis-options.ts'

/** See yredis-open.js: the published y-redis with its connections. Throws where its client library is another one. */
export declare function openYRedis(client: YRedisClient): RedisPersistence
