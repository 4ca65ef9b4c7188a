import { createRedisLog } from '@roomful/server'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { acknowledged } from '../support/acknowledged.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { copyOf, exchange } from '../support/redis-copy.ts'
import type { RedisServer, RedisServerOptions } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite()

interface System {
  readonly redis: RedisServer
  /** Between Redis and both servers. */
  readonly proxy: FaultProxy
  readonly servers: readonly [LocalServer, LocalServer]
  readonly ada: StockClient
  readonly bob: StockClient
}

async function serve(port: number): Promise<LocalServer> {
  const server = await startServer({ backend: await createRedisLog({ url: `redis://127.0.0.1:${port}` }) })
  suite.after(() => server.close())
  return server
}

async function join(server: LocalServer): Promise<StockClient> {
  const client = connectStock(server.wsUrl, 'lobby')
  suite.after(() => client.destroy())
  await waitFor('the client to be synced', () => client.provider.synced)
  return client
}

/** Two servers on one Redis, a client on each, twenty words that both hold. */
async function start(options: RedisServerOptions = {}): Promise<System> {
  const redis = await suite.start(options)
  const proxy = await FaultProxy.start(redis.port)
  suite.after(() => proxy.close())
  const servers = [await serve(proxy.port), await serve(proxy.port)] as const
  const [ada, bob] = [await join(servers[0]), await join(servers[1])]
  for (let index = 0; index < 10; index += 1) {
    ada.doc.getArray('words').push([`ada ${index}`])
    bob.doc.getArray('words').push([`bob ${index}`])
  }
  await Promise.all([acknowledged(ada), acknowledged(bob)])
  await waitFor('both to hold both', () => words(ada).length === 20 && words(bob).length === 20)
  return { redis, proxy, servers, ada, bob }
}

const words = (client: StockClient): string[] => client.doc.getArray<string>('words').toArray()

/** With nobody writing: residents as they were, and a newcomer on a third server that has only Redis to ask. */
async function expectWhole({ ada, bob }: System, redis: RedisServer, count: number): Promise<void> {
  const stored = async (): Promise<string[]> => {
    const server = await serve(redis.port)
    const client = await join(server)
    const found = words(client)
    client.destroy()
    await server.close()
    return found
  }
  await waitFor('a newcomer to find everything', async () => (await stored()).length === count)
  await waitFor(
    'residents to hold everything',
    () => words(ada).length === count && words(bob).length === count,
  )
  expect(Y.encodeStateVector(ada.doc)).toEqual(Y.encodeStateVector(bob.doc))
  expect(await stored()).toEqual(words(ada))
}

test('[I2] after FLUSHALL instances bring back what they hold, with no further write', async () => {
  const system = await start()
  await system.redis.admin.flushall()
  await expectWhole(system, system.redis, 20)
})

test('[I2] a Redis that comes back empty is filled again', async () => {
  const system = await start()
  await system.redis.kill()
  system.ada.doc.getArray('words').push(['while away'])
  await system.redis.restart()
  await expectWhole(system, system.redis, 21)
})

test('[I1] [I2] a Redis that is killed and keeps every write goes on where it was', async () => {
  const system = await start({ appendfsync: 'always' })
  const key = '{roomful:lobby:updates}:meta'
  const epoch = await system.redis.admin.hget(key, 'e')
  await system.redis.kill()
  system.bob.doc.getArray('words').push(['while away'])
  await system.redis.restart()
  await expectWhole(system, system.redis, 21)
  expect(await system.redis.admin.hget(key, 'e')).toBe(epoch)
})

test('[I2] a failover to an older copy that others wrote to already loses nothing: the numbers are the same, the entries are not', async () => {
  const system = await start()
  const { redis, proxy, ada, bob } = system
  const copy = await suite.start()
  await exchange(copy, await copyOf(redis))
  for (let index = 0; index < 5; index += 1) ada.doc.getArray('words').push([`lost ${index}`])
  await acknowledged(ada)
  await waitFor('the other to hold them', () => words(bob).length === 25)

  const eve = await join(await serve(copy.port))
  for (let index = 0; index < 8; index += 1) eve.doc.getArray('words').push([`eve ${index}`])
  await acknowledged(eve)
  proxy.retarget(copy.port)
  proxy.cut()
  await waitFor('eve to hold everything', () => words(eve).length === 33)
  await expectWhole(system, copy, 33)
})

test('a room that is deleted on one instance is closed on the other, with no write there', async () => {
  const { servers, ada, bob } = await start()
  const closed = new Promise<number>((resolve) => {
    bob.provider.on('connection-close', (event) => resolve(event?.code ?? 0))
  })
  await servers[0].server.registry.delete('lobby' as never)
  expect(await closed).toBe(4404)
  expect(ada.doc.getArray('words').length).toBe(20)
})
