import { runLogBackendTests } from '@roomful/server/testing'
import { createRedisLog } from '@roomful/server'
import { describe, test } from 'vitest'
import { redisSuite } from '../support/redis-suite.ts'

const suite = redisSuite({ shared: true })
let prefixes = 0

runLogBackendTests(
  'redis',
  async () => {
    prefixes += 1
    const options = { url: suite.redis.url, prefix: `contract${prefixes}:` }
    const backends = [await createRedisLog(options)]
    return {
      backend: backends[0] ?? (await createRedisLog(options)),
      reopen: async () => {
        await backends.at(-1)?.close()
        const next = await createRedisLog(options)
        backends.push(next)
        return next
      },
      dispose: async () => {
        await Promise.all(backends.map((backend) => backend.close()))
      },
    }
  },
  { describe, test },
)
