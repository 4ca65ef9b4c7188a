import { bindRoom, createRedisLog } from '@roomful/server'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { acknowledged } from '../support/acknowledged.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite()

const NAME = 'rooms'
const PASSWORD = 'of-the-sentinel'
const DOWN_AFTER_MS = 500

interface Watched {
  readonly first: RedisServer
  readonly replica: RedisServer
  readonly url: string
}

/** A Redis, its replica, and a Sentinel that may promote it. */
async function startWatched(): Promise<Watched> {
  const first = await suite.start({ appendfsync: 'everysec' })
  const replica = await suite.start({
    appendfsync: 'everysec',
    args: ['--replicaof', '127.0.0.1', String(first.port), '--repl-diskless-sync-delay', '0'],
  })
  await waitFor('the replica to follow', async () =>
    (await replica.admin.info('replication')).includes('master_link_status:up'),
  )
  const sentinel = await suite.start({
    sentinel: [
      `sentinel monitor ${NAME} 127.0.0.1 ${first.port} 1`,
      `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${NAME} 5000`,
      `requirepass ${PASSWORD}`,
    ],
  })
  const asked = new Redis({ host: '127.0.0.1', port: sentinel.port, password: PASSWORD })
  suite.after(() => asked.disconnect())
  await waitFor('the Sentinel to know the replica', async () =>
    JSON.stringify(await asked.call('SENTINEL', 'REPLICAS', NAME)).includes(String(replica.port)),
  )
  return { first, replica, url: `redis+sentinel://127.0.0.1:${sentinel.port}/${NAME}` }
}

async function serve(url: string): Promise<LocalServer> {
  const server = await startServer({ backend: await createRedisLog({ url, sentinelPassword: PASSWORD }) })
  suite.after(() => server.close())
  return server
}

async function join(server: LocalServer): Promise<StockClient> {
  const client = connectStock(server.wsUrl, 'lobby')
  suite.after(() => client.destroy())
  client.provider.awareness.setLocalStateField('name', 'somebody')
  await waitFor('the client to be synced', () => client.provider.synced)
  return client
}

const words = (client: StockClient): string[] => client.doc.getArray<string>('words').toArray()

test('[I1] [I2] a Redis that dies is replaced by the one its Sentinels promote, and nothing acknowledged is lost', async () => {
  const { first, replica, url } = await startWatched()
  const servers = [await serve(url), await serve(url)] as const
  const [ada, bob] = [await join(servers[0]), await join(servers[1])]
  ada.doc.getArray('words').push(['before'])
  await acknowledged(ada)
  await waitFor('bob to have it', () => words(bob).length === 1)
  const doc = new Y.Doc()
  const binding = bindRoom('lobby', doc, { url, sentinelPassword: PASSWORD })
  suite.after(() => binding.destroy())
  await binding.synced
  doc.getArray('words').push(['from a process'])
  await binding.settled()
  await waitFor('all to have that', () => [ada, bob].every((client) => words(client).length === 2))
  // an acknowledgement is the word of one Redis: what it had not passed on would be pushed back by whoever holds it
  await first.admin.wait(1, 10_000)

  await first.kill()
  ada.doc.getArray('words').push(['while it was gone'])
  await acknowledged(ada)
  await waitFor('bob and the process to have that too', () =>
    [words(bob), doc.getArray('words')].every(({ length }) => length === 3),
  )
  expect(await replica.admin.info('replication')).toContain('role:master')

  const stranger = await join(await serve(url))
  expect(words(stranger)).toEqual(['before', 'from a process', 'while it was gone'])
  doc.getArray('words').push(['from a process, after'])
  await waitFor('all to have what the process said after', () =>
    [ada, bob, stranger].every((client) => words(client).length === 4),
  )
  await waitFor('all to see each other', () =>
    [ada, bob, stranger].every(({ provider }) => provider.awareness.getStates().size === 3),
  )
})

test('Sentinels that do not know the name, or want another password, are one helpful line', async () => {
  const sentinel = await suite.start({ sentinel: [`requirepass ${PASSWORD}`] })
  const url = `redis+sentinel://127.0.0.1:${sentinel.port}/${NAME}`
  const start = (sentinelPassword?: string) => createRedisLog({ url, sentinelPassword, startMs: 2_000 })
  await expect(start(PASSWORD)).rejects.toThrow(
    /^Redis at rooms \(Sentinels 127\.0\.0\.1:\d+\) is not there \(.+\)/,
  )
  await expect(start()).rejects.toThrow(/^Redis at rooms \(Sentinels 127\.0\.0\.1:\d+\) .+NOAUTH/)
})
