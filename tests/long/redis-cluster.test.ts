import { bindRoom, createRedisLog, type RedisLog } from '@roomful/server'
import { beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { acknowledged } from '../support/acknowledged.ts'
import { Random } from '../support/random.ts'
import type { RedisNodes } from '../support/redis-nodes.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { idleFor, waitFor } from '../support/wait.ts'
import { bindYRedisToCluster } from '../support/y-redis-binder.ts'
import type { RedisServer } from '../support/redis-server.ts'

const suite = redisSuite()
const SEED = Number(process.env['ROOMFUL_SEED'] ?? Date.now() % 1_000_000)
const ROOMS = ['lobby', 'kitchen', 'garden', 'study']
const WRITES = 10
/** Of everybody's writes, as small batches one behind the other. */
const ROUNDS = 20

interface Served extends LocalServer {
  readonly log: RedisLog
}

/** Two servers on one cluster, and in each room somebody on each. */
interface House {
  readonly nodes: RedisNodes
  readonly servers: readonly Served[]
  readonly clients: readonly StockClient[]
  /** Everybody writes. */
  act(): void
  /** Everybody has everything, and sees everybody where they are. */
  expectShared(): Promise<void>
  /** All that is written is acknowledged and shared, and a newcomer on a third server has it too. */
  expectWhole(): Promise<void>
}

beforeEach(() => {
  process.stderr.write(`seed ${SEED}\n`)
})

async function serve(nodes: RedisNodes): Promise<Served> {
  const log = await createRedisLog({ url: nodes.url })
  const server = await startServer({ backend: log })
  suite.after(() => server.close())
  return { ...server, log }
}

async function join(server: LocalServer, room: string): Promise<StockClient> {
  const client = connectStock(server.wsUrl, room)
  suite.after(() => client.destroy())
  client.provider.awareness.setLocalStateField('at', 0)
  await waitFor('the client to be synced', () => client.provider.synced)
  return client
}

const wordsOf = (doc: Y.Doc): string[] => doc.getArray<string>('words').toArray()

async function openHouse(): Promise<House> {
  const nodes = await suite.startCluster({
    replicas: 3,
    node: { args: ['--enable-debug-command', 'yes'] },
  })
  const random = new Random(SEED)
  const servers = [await serve(nodes), await serve(nodes)]
  const rooms = await Promise.all(
    ROOMS.map(async (room) => ({
      room,
      clients: await Promise.all(servers.map((server) => join(server, room))),
      typed: new Set<string>(),
    })),
  )
  const clients = rooms.flatMap((one) => one.clients)
  let count = 0
  const house: House = {
    nodes,
    servers,
    clients,
    act() {
      for (let write = 0; write < WRITES; write += 1)
        for (const { clients: here, typed } of rooms)
          for (const { doc, provider } of here) {
            count += 1
            typed.add(`word ${count}`)
            const words = doc.getArray('words')
            words.insert(random.int(words.length + 1), [`word ${count}`])
            provider.awareness.setLocalStateField('at', count)
          }
    },
    async expectShared() {
      await waitFor('all to have all', () =>
        rooms.every(({ clients: here, typed }) =>
          here.every(({ doc }) => {
            const words = new Set(wordsOf(doc))
            return [...typed].every((word) => words.has(word))
          }),
        ),
      )
      await waitFor('all to see each other where they are', () =>
        rooms.every(({ clients: here }) =>
          here.every(({ provider }) =>
            here.every(
              (other) =>
                provider.awareness.getStates().get(other.doc.clientID)?.['at'] ===
                other.provider.awareness.getLocalState()?.['at'],
            ),
          ),
        ),
      )
    },
    async expectWhole() {
      await Promise.all(clients.map((client) => acknowledged(client)))
      await house.expectShared()
      const third = await serve(nodes)
      for (const { room, clients: here } of rooms) {
        const newcomer = await join(third, room)
        expect(wordsOf(newcomer.doc)).toEqual(wordsOf(here[0]?.doc ?? new Y.Doc()))
        newcomer.destroy()
      }
      await third.close()
    },
  }
  house.act()
  await house.expectWhole()
  return house
}

const holderOfLobby = (nodes: RedisNodes, among?: readonly RedisServer[]): Promise<RedisServer> =>
  nodes.holderOf('roomful:lobby:updates', among)

function replicaOf(nodes: RedisNodes, master: RedisServer): RedisServer {
  const replica = nodes.replicas[nodes.masters.indexOf(master)]
  if (replica === undefined) throw new Error('each has one')
  return replica
}

test('[I1] [I2] [I4] a master that is killed is replaced by its replica, while everybody writes', async () => {
  const house = await openHouse()
  const master = await holderOfLobby(house.nodes)
  await master.kill()
  house.act()
  await house.expectWhole()
  expect(await holderOfLobby(house.nodes, house.nodes.replicas)).toBe(replicaOf(house.nodes, master))
  // the old one comes back as a replica
  await master.restart()
  house.act()
  await house.expectWhole()
})

test('[I1] [I2] a replica that lacks what was stored last takes over, and is given it by who holds it', async () => {
  const house = await openHouse()
  const master = await holderOfLobby(house.nodes)
  const replica = replicaOf(house.nodes, master)
  // it cannot come back to its master, which knows no password
  await replica.admin.config('SET', 'masterauth', 'wrong')
  await master.admin.call('CLIENT', 'KILL', 'TYPE', 'replica')
  house.act()
  await Promise.all(house.clients.map((client) => acknowledged(client)))
  await master.kill()
  await house.expectWhole()
  expect(house.servers.some(({ log }) => log.stats.counts.rewinds > 0)).toBe(true)
  house.act()
  await house.expectWhole()
})

test('[I1] [I2] [I4] a master that is frozen is replaced: its silence is noticed, and nobody goes back when it goes on', async () => {
  const house = await openHouse()
  const master = await holderOfLobby(house.nodes)
  master.signal('SIGSTOP')
  suite.after(() => master.signal('SIGCONT'))
  house.act()
  await Promise.all(house.clients.map((client) => acknowledged(client)))
  await house.expectShared()
  // what was on its way to it is done now, and told to all nodes
  master.signal('SIGCONT')
  for (let round = 0; round < ROUNDS; round += 1) {
    house.act()
    await idleFor(20)
  }
  await house.expectWhole()
})

test('[I1] [I2] [I4] a frozen master goes on when one server has left it and the other has not: both end up with one log', async () => {
  const house = await openHouse()
  const { nodes, servers } = house
  const master = await holderOfLobby(nodes)
  const others = nodes.all.filter((node) => node !== master)
  master.signal('SIGSTOP')
  suite.after(() => master.signal('SIGCONT'))
  house.act()
  await waitFor('its replica to be promoted', () =>
    holderOfLobby(nodes, others).then(
      () => true,
      () => false,
    ),
  )
  await waitFor('a server to notice', () => servers.some(({ log }) => !log.isHealthy))
  await waitFor('it to be at the replica', () =>
    servers.some(({ log }) => log.stats.servers.connected === nodes.masters.length),
  )
  house.act()
  master.signal('SIGCONT')
  for (let round = 0; round < ROUNDS; round += 1) {
    house.act()
    await idleFor(20)
  }
  await house.expectWhole()
})

test('[I1] [I2] failovers that are asked for, one after the other, are followed', async () => {
  const house = await openHouse()
  for (const [index, replica] of house.nodes.replicas.entries()) {
    house.act()
    await replica.admin.call('CLUSTER', 'FAILOVER', ...(index === 0 ? [] : ['FORCE']))
    house.act()
    await waitFor('it to be a master', async () =>
      (await replica.admin.info('replication')).includes('role:master'),
    )
  }
  await house.expectWhole()
  expect(house.servers.every(({ log }) => log.isHealthy)).toBe(true)
})

test('[I1] [I2] a node that is added takes over all slots of another one, while everybody writes', async () => {
  const house = await openHouse()
  const added = await house.nodes.add()
  for (const room of ROOMS)
    await house.nodes.move(`roomful:${room}:updates`, added, async () => {
      house.act()
      await idleFor(200)
    })
  await house.expectWhole()
  expect(await holderOfLobby(house.nodes)).toBe(added)
  expect(house.servers.map(({ log }) => log.stats.servers)).toEqual([
    { known: 4, connected: 4 },
    { known: 4, connected: 4 },
  ])
  expect(house.servers.map(({ log }) => log.stats.counts.rewinds)).toEqual([0, 0])
})

test('[I4] who listens at a node that the others cannot tell anything moves to another one', async () => {
  const house = await openHouse()
  const deaf = await subscribersAt(house.nodes)
  // as which nodes tell each other what is published
  for (const { admin } of deaf) await admin.call('DEBUG', 'DROP-CLUSTER-PACKET-FILTER', '4')
  house.act()
  // what is written comes with the slow poll; where people are comes only by being told
  await house.expectWhole()
  expect((await subscribersAt(house.nodes)).some((node) => deaf.includes(node))).toBe(false)
})

/** Nodes at which a server of ours listens. */
async function subscribersAt(nodes: RedisNodes): Promise<RedisServer[]> {
  const found: RedisServer[] = []
  for (const node of nodes.all) {
    const clients = String(await node.admin.client('LIST')).split('\n')
    if (clients.some((line) => line.includes('name=roomful') && !line.includes(' sub=0 '))) found.push(node)
  }
  return found
}

test('[I2] bindRoom follows a failover, and y-redis finds the room behind it', async () => {
  const house = await openHouse()
  const { nodes } = house
  const doc = new Y.Doc()
  const binding = bindRoom('lobby', doc, { url: nodes.url })
  suite.after(() => binding.destroy())
  await binding.synced
  const master = await holderOfLobby(nodes)
  const replica = replicaOf(nodes, master)
  await replica.admin.config('SET', 'masterauth', 'wrong')
  await master.admin.call('CLIENT', 'KILL', 'TYPE', 'replica')
  doc.getArray('words').push(['from a process'])
  await binding.settled()
  await master.kill()
  doc.getArray('words').push(['from a process, meanwhile'])
  await binding.settled()
  const [first] = house.clients
  const has = (one: Y.Doc | undefined, word: string): boolean =>
    one !== undefined && wordsOf(one).includes(word)
  await waitFor('a browser to have both', () =>
    ['from a process', 'from a process, meanwhile'].every((word) => has(first?.doc, word)),
  )
  first?.doc.getArray('words').push(['from a browser, after'])
  await waitFor('the process to have that', () => has(doc, 'from a browser, after'))
  // as it is: one that fetches while a master is away is deaf for good
  const [port = 0] = nodes.masters.filter((node) => node !== master).map((node) => node.port)
  const peer = bindYRedisToCluster(port, 'roomful:lobby')
  suite.after(() => peer.destroy())
  await waitFor('y-redis to have all', () =>
    ['from a process', 'from a process, meanwhile', 'from a browser, after'].every((word) =>
      has(peer.doc, word),
    ),
  )
})
