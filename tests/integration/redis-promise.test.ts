import { createRedisLog, type PromiseListener } from '@roomful/server'
import { expect, test } from 'vitest'
import { redisSuite } from '../support/redis-suite.ts'
import { startServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite()

test('what an acknowledgement means is asked again when Redis was connected anew, and who asks is told the truth', async () => {
  const redis = await suite.start()
  const told: Parameters<PromiseListener>[] = []
  const log = await createRedisLog({ url: redis.url, onPromise: (...said) => told.push(said) })
  const server = await startServer({ backend: log })
  suite.after(() => server.close())
  const readiness = async (): Promise<unknown> => (await fetch(`${server.url}/readyz`)).json()
  expect(await readiness()).toMatchObject({ durability: 'redis-none' })

  await redis.admin.config('SET', 'appendonly', 'yes')
  await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await waitFor('it to be seen', () => told.length === 1)
  expect(told).toEqual([['redis-everysec', undefined]])
  expect(await readiness()).toMatchObject({ ready: true, durability: 'redis-everysec' })

  await redis.admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
  await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await waitFor('that to be seen', () => told.length === 2)
  expect(told[1]?.[0]).toBe('redis-everysec')
  expect(told[1]?.[1]?.message).toContain('maxmemory-policy allkeys-lru and would throw rooms away')

  // as before, and nothing new to say
  await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await waitFor('it to be back', () => log.stats.counts.reconnects === 3 && log.isHealthy)
  expect(told).toHaveLength(2)
})
