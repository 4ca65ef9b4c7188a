import { expect, test } from 'vitest'
import { acknowledged } from '../support/acknowledged.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer } from '../support/test-server.ts'
import { createRedisLog, type YRedisMode } from '@roomful/server'
import { waitFor } from '../support/wait.ts'
import type { RedisServer } from '../support/redis-server.ts'

const suite = redisSuite()

const KEYSTROKES = 40
const BURST = 400

/** A Redis, or the masters of a cluster. */
interface Store {
  readonly url: string
  readonly servers: readonly RedisServer[]
}

const STORES = {
  'one Redis': async (): Promise<Store> => {
    const redis = await suite.start()
    return { url: redis.url, servers: [redis] }
  },
  'a cluster': async (): Promise<Store> => {
    const { url, masters } = await suite.startCluster()
    return { url, servers: masters }
  },
}

/** How often they have run each command, those of scripts included. */
async function commands({ servers }: Store): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const { admin } of servers)
    for (const [, name = '', calls] of (await admin.info('commandstats')).matchAll(
      /cmdstat_([a-z|_-]+):calls=(\d+)/g,
    ))
      counts.set(name, (counts.get(name) ?? 0) + Number(calls))
  return counts
}

async function writerOn({ url }: Store, yredis: YRedisMode): Promise<[StockClient, StockClient]> {
  const clients: StockClient[] = []
  for (let index = 0; index < 2; index += 1) {
    const server = await startServer({ backend: await createRedisLog({ url, yredis }) })
    suite.after(() => server.close())
    const client = connectStock(server.wsUrl, 'lobby')
    suite.after(() => client.destroy())
    await waitFor('the client to be synced', () => client.provider.synced)
    clients.push(client)
  }
  const [writer, reader] = clients
  if (writer === undefined || reader === undefined) throw new Error('two were started')
  return [writer, reader]
}

const noteOf = (client: StockClient): string => client.doc.getText('note').toJSON()

/** Polls, leases and presence of two instances go on meanwhile, whatever is typed: so many commands of a kind a second to each server. */
const BACKGROUND = 3

const CASES = [
  ['one Redis', 'off'],
  ['one Redis', 'live'],
  ['a cluster', 'off'],
  ['a cluster', 'live'],
] as const

test.each(CASES)(
  'on %s, with y-redis %s, a keystroke is one command, what is typed in one turn is few, and nobody reads to learn of it',
  async (kind, yredis) => {
    const store = await STORES[kind]()
    const [writer, reader] = await writerOn(store, yredis)
    const type = async (count: number): Promise<void> => {
      const note = writer.doc.getText('note')
      for (let done = 0; done < count; done += 1) note.insert(note.length, 'x')
      await acknowledged(writer)
      await waitFor('the reader to have it', () => noteOf(reader) === noteOf(writer))
    }
    const during = async (
      work: () => Promise<void>,
    ): Promise<{ readonly count: (name: string) => number; readonly background: number }> => {
      const [before, startedAt] = [await commands(store), performance.now()]
      await work()
      const [after, seconds] = [await commands(store), (performance.now() - startedAt) / 1_000]
      return {
        count: (name) => (after.get(name) ?? 0) - (before.get(name) ?? 0),
        background: BACKGROUND * seconds * store.servers.length,
      }
    }
    await type(1)

    const { count: oneByOne, background } = await during(async () => {
      for (let done = 0; done < KEYSTROKES; done += 1) await type(1)
    })
    expect(oneByOne('xadd')).toBe(KEYSTROKES)
    expect(oneByOne('rpush')).toBe(yredis === 'live' ? KEYSTROKES : 0)
    expect(oneByOne('evalsha')).toBeGreaterThanOrEqual(KEYSTROKES)
    expect(oneByOne('evalsha')).toBeLessThan(KEYSTROKES * 1.2 + background)
    // of a cluster nobody knows whether a process with y-redis listens: one for Roomful's instances, one for those
    const rings = yredis === 'live' && kind === 'a cluster'
    expect(oneByOne('publish')).toBeLessThan(KEYSTROKES * (rings ? 2.2 : 1.2) + background)
    // a poll that met a keystroke on its way looks at an entry
    for (const read of ['xrange', 'xrevrange', 'xread', 'lrange'])
      expect(oneByOne(read), read).toBeLessThan(KEYSTROKES / 10 + background)

    const { count: atOnce, background: meanwhile } = await during(() => type(BURST))
    expect(atOnce('xadd')).toBe(BURST)
    expect(atOnce('evalsha')).toBeLessThan(BURST / 10 + meanwhile)

    const connections: number[] = []
    for (const { admin } of store.servers) {
      const lines = String(await admin.client('LIST')).split('\n')
      connections.push(lines.filter((line) => line.includes('name=roomful')).length)
    }
    // of each instance one for commands to each server, and one that listens
    const total = connections.reduce((sum, count) => sum + count, 0)
    expect(total).toBe(2 * (store.servers.length + 1))
    expect(Math.min(...connections)).toBeGreaterThanOrEqual(2)
    process.stderr.write(
      `${kind}, y-redis ${yredis}: for ${KEYSTROKES} keystrokes ${[
        'evalsha',
        'xadd',
        'publish',
        'rpush',
        'xrange',
        'xrevrange',
        'hmget',
        'hset',
      ]
        .map((name) => `${name} ${oneByOne(name)}`)
        .join(', ')}; connections ${connections.join(' + ')}\n`,
    )
  },
)
