import { bindRoom, createRedisLog, type RedisLog, type RedisLogOptions } from '@roomful/server'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { acknowledged } from '../support/acknowledged.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'
import { bindYRedisToCluster } from '../support/y-redis-binder.ts'

const suite = redisSuite({ sharedCluster: { replicas: 1 } })
/** Enough that each of three masters holds some. */
const ROOMS = ['lobby', 'kitchen', 'garden', 'study']

interface Served extends LocalServer {
  readonly log: RedisLog
}

async function serve(prefix: string, options: Partial<RedisLogOptions> = {}): Promise<Served> {
  const log = await createRedisLog({ url: suite.nodes.url, prefix, ...options })
  const server = await startServer({ backend: log, redis: log.stats })
  suite.after(() => server.close())
  return { ...server, log }
}

async function join(server: LocalServer, room: string): Promise<StockClient> {
  const client = connectStock(server.wsUrl, room)
  suite.after(() => client.destroy())
  client.provider.awareness.setLocalStateField('name', 'somebody')
  await waitFor('the client to be synced', () => client.provider.synced)
  return client
}

const words = (client: StockClient): string[] => client.doc.getArray<string>('words').toArray()
const listOf = (prefix: string, room: string): string => `${prefix}${room}:updates`

describe('rooms on a Redis Cluster', () => {
  test('[I2] [I4] land on all masters, each whole in one slot, and two servers are one system', async () => {
    const prefix = 'system:'
    const servers = [await serve(prefix), await serve(prefix)] as const
    const pairs = await Promise.all(
      ROOMS.map(async (room) => Promise.all([join(servers[0], room), join(servers[1], room)])),
    )
    for (const [ada, bob] of pairs) {
      ada.doc.getArray('words').push(['ada'])
      bob.doc.getArray('words').push(['bob'])
    }
    await Promise.all(pairs.flat().map((client) => acknowledged(client)))
    await waitFor('all to have both words and to see each other', () =>
      pairs
        .flat()
        .every((client) => words(client).length === 2 && client.provider.awareness.getStates().size === 2),
    )

    const holders = await Promise.all(ROOMS.map((room) => suite.nodes.holderOf(listOf(prefix, room))))
    expect(new Set(holders).size).toBe(3)
    for (const [index, room] of ROOMS.entries()) {
      const slot = await suite.nodes.slotOf(listOf(prefix, room))
      const keys = await holders[index]?.admin.cluster('GETKEYSINSLOT', slot, 100)
      const tag = `{${listOf(prefix, room)}}`
      expect(keys).toEqual(
        expect.arrayContaining([listOf(prefix, room), `${tag}:log`, `${tag}:meta`, `${tag}:writers`]),
      )
      expect(await suite.nodes.slotOf(`${tag}:snapshot`)).toBe(slot)
    }
    const listed: string[] = []
    for await (const { room } of servers[1].log.rooms()) listed.push(room)
    expect(listed).toEqual(ROOMS.toSorted())
    expect(servers[0].log.stats).toMatchObject({
      servers: { known: 3, connected: 3 },
      otherInstances: 1,
    })
  })

  test('[I1] [I2] are written to while their slot is moved, and after it', async () => {
    const prefix = 'moving:'
    const failures: (Error | undefined)[] = []
    const onHealth = (isHealthy: boolean, error?: Error): void => {
      if (!isHealthy) failures.push(error)
    }
    const servers = [await serve(prefix, { onHealth }), await serve(prefix, { onHealth })] as const
    const [ada, bob] = [await join(servers[0], 'lobby'), await join(servers[1], 'lobby')]
    ada.doc.getArray('words').push(['before'])
    await acknowledged(ada)
    const from = await suite.nodes.holderOf(listOf(prefix, 'lobby'))
    const to = suite.nodes.masters.find((master) => master !== from) ?? from

    await suite.nodes.move(listOf(prefix, 'lobby'), to, async () => {
      ada.doc.getArray('words').push(['meanwhile'])
      bob.doc.getArray('words').push(['meanwhile too'])
      const newcomer = await join(servers[1], 'kitchen')
      newcomer.doc.getArray('words').push(['elsewhere'])
      await acknowledged(newcomer)
    })
    ada.doc.getArray('words').push(['after'])
    await Promise.all([acknowledged(ada), acknowledged(bob)])
    await waitFor('both to have all', () => words(ada).length === 4 && words(bob).length === 4)
    expect(await suite.nodes.holderOf(listOf(prefix, 'lobby'))).toBe(to)
    expect(await to.admin.hget(`{${listOf(prefix, 'lobby')}}:meta`, 'n')).toBe('4')
    expect(failures).toEqual([])
    expect(servers[0].log.stats.counts.rewinds).toBe(0)

    const stranger = await join(await serve(prefix), 'lobby')
    expect(words(stranger).toSorted()).toEqual(['after', 'before', 'meanwhile', 'meanwhile too'])
  })

  test('[I2] are shared with processes that use y-redis, and with bindRoom, as on one server', async () => {
    const prefix = 'peers:'
    const [first] = suite.nodes.masters
    if (first === undefined) throw new Error('there are three')
    const before = bindYRedisToCluster(first.port, `${prefix}lobby`)
    suite.after(() => before.destroy())
    await before.synced
    before.doc.getArray('words').push(['from before'])
    const list = await suite.nodes.holderOf(listOf(prefix, 'lobby'))
    await waitFor('that to be in its list', async () =>
      Boolean(await list.admin.llen(listOf(prefix, 'lobby'))),
    )

    const ada = await join(await serve(prefix), 'lobby')
    expect(words(ada)).toEqual(['from before'])
    ada.doc.getArray('words').push(['from a browser'])
    await acknowledged(ada)
    const doc = new Y.Doc()
    const binding = bindRoom('lobby', doc, { url: suite.nodes.url, prefix })
    suite.after(() => binding.destroy())
    await binding.synced
    doc.getArray('words').push(['from a process'])
    await binding.settled()
    before.doc.getArray('words').push(['from y-redis'])
    const all = [ada.doc, doc, before.doc]
    await waitFor('all to have all', () => all.every((one) => one.getArray('words').length === 4))
  })

  test('[I8] keep the length of a list when they are compacted: who listens at another node is not seen', async () => {
    const prefix = 'lists:'
    const server = await serve(prefix)
    const ada = await join(server, 'lobby')
    for (let count = 0; count < 20; count += 1) {
      ada.doc.getArray('words').push([`word ${count}`])
      await acknowledged(ada)
    }
    for (const room of server.server.registry.rooms()) await room.compact()
    const { admin } = await suite.nodes.holderOf(listOf(prefix, 'lobby'))
    expect(await admin.llen(listOf(prefix, 'lobby'))).toBe(20)
    expect(await admin.hget(`{${listOf(prefix, 'lobby')}}:meta`, 'yz')).toBe('20')
  })
})

describe('a start on a Redis Cluster', () => {
  test('says what is on, and what an acknowledgement means on the master that promises least', async () => {
    const [weakest, ...others] = suite.nodes.masters
    for (const { admin } of others) await admin.config('SET', 'appendonly', 'yes')
    suite.after(() => Promise.all(others.map(({ admin }) => admin.config('SET', 'appendonly', 'no'))))
    expect((await serve('said:')).log.durability).toBe('redis-none')

    await weakest?.admin.config('SET', 'appendonly', 'yes')
    suite.after(() => weakest?.admin.config('SET', 'appendonly', 'no'))
    const server = await serve('said:')
    expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({
      ready: true,
      durability: 'redis-everysec',
    })
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toContain('roomful_redis_servers 3')
    expect(metrics).toContain('roomful_redis_servers_connected 3')
  })

  test('is refused where one master throws rooms away, in one line that names it', async () => {
    const [, , third] = suite.nodes.masters
    await third?.admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
    suite.after(() => third?.admin.config('SET', 'maxmemory-policy', 'noeviction'))
    await expect(createRedisLog({ url: suite.nodes.url })).rejects.toThrow(
      new RegExp(`\\(Cluster\\), on its master at port ${third?.port}, has maxmemory-policy allkeys-lru`),
    )
  })

  test('is refused where the address leads to a single Redis, in one line that says which to give', async () => {
    const single = await suite.start()
    await expect(createRedisLog({ url: single.url.replace('redis:', 'redis+cluster:') })).rejects.toThrow(
      /^Redis at 127\.0\.0\.1:\d+ \(Cluster\) is no cluster: give REDIS_URL as redis:\/\/host:port$/,
    )
  })
})

test('a cluster that asks for a user and a password is entered with them, by processes too', async () => {
  for (const { admin } of suite.nodes.all)
    await admin.acl('SETUSER', 'ada', 'on', '>s@fe', '~*', '&*', '+@all')
  const url = suite.nodes.url.replace('://', '://ada:s%40fe@')
  for (const { admin } of suite.nodes.masters)
    await admin.acl('SETUSER', 'default', '-@all', '+auth', '+acl', '+psync', '+replconf', '+ping')
  suite.after(async () => {
    for (const { admin } of suite.nodes.masters) await admin.acl('SETUSER', 'default', '+@all')
  })
  await expect(createRedisLog({ url: suite.nodes.url })).rejects.toThrow(/does not let us in \(NOPERM/)
  const ada = await join(await serve('door:', { url }), 'lobby')
  ada.doc.getArray('words').push(['inside'])
  await acknowledged(ada)
  const doc = new Y.Doc()
  const binding = bindRoom('lobby', doc, { url, prefix: 'door:' })
  suite.after(() => binding.destroy())
  await waitFor('the process to have it', () => doc.getArray('words').length === 1)
})

test('[I1] [I2] [I4] a replica that takes over is followed, though the old master lives on', async () => {
  const prefix = 'takeover:'
  const [first] = suite.nodes.masters
  const [replica] = suite.nodes.replicas
  const servers = [await serve(prefix), await serve(prefix)] as const
  const pairs = await Promise.all(
    ROOMS.map(async (room) => Promise.all([join(servers[0], room), join(servers[1], room)])),
  )
  for (const [ada] of pairs) ada.doc.getArray('words').push(['before'])
  await Promise.all(pairs.flat().map((client) => acknowledged(client)))
  const holders = await Promise.all(ROOMS.map((room) => suite.nodes.holderOf(listOf(prefix, room))))
  expect(holders).toContain(first)

  await replica?.admin.cluster('FAILOVER', 'TAKEOVER')
  for (const [ada, bob] of pairs) {
    ada.doc.getArray('words').push(['ada'])
    bob.doc.getArray('words').push(['bob'])
  }
  await Promise.all(pairs.flat().map((client) => acknowledged(client)))
  await waitFor('all to have all', () => pairs.flat().every((client) => words(client).length === 3))
  const moved = ROOMS[holders.findIndex((holder) => holder === first)] ?? ''
  expect(await suite.nodes.holderOf(listOf(prefix, moved))).toBe(replica)
  for (const [ada] of pairs) ada.provider.awareness.setLocalStateField('name', 'ada, later')
  await waitFor('all to be seen where they are', () =>
    pairs.every(([, bob]) =>
      [...bob.provider.awareness.getStates().values()].some(({ name }) => name === 'ada, later'),
    ),
  )
  // what the old master was given in its last moments is brought back by those who gave it: by then, or a moment later
  const newcomer = await join(await serve(prefix), moved)
  await waitFor('a newcomer to hold all of it', () => words(newcomer).length === 3)
})
