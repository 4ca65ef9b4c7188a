import { createRedisLog, type LogSink, type RedisStats, type RoomLog } from '@roomful/server'
import type { RoomName } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { FaultProxy } from '../support/fault-proxy.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { nextTurn, waitFor } from '../support/wait.ts'

const suite = redisSuite()

/** Fifteen seconds are tested in `tests/long`. */
const LEASE_MS = 900

/** Stock clients say again who they are after fifteen: what was lost must not wait for that. */
const SEEN_MS = 12_000

/** A server, and what stands between it and Redis. */
interface Instance {
  readonly server: LocalServer
  readonly proxy: FaultProxy
}

async function serve(redis: RedisServer): Promise<Instance> {
  const proxy = await FaultProxy.start(redis.port)
  suite.after(() => proxy.close())
  const url = `redis://127.0.0.1:${proxy.port}`
  const backend = await createRedisLog({ url, presenceLeaseMs: LEASE_MS })
  const server = await startServer({ backend, storageKind: 'redis', redis: backend.stats })
  suite.after(() => server.close())
  return { server, proxy }
}

async function start(count: number): Promise<{ redis: RedisServer; instances: readonly Instance[] }> {
  const redis = await suite.start()
  const instances: Instance[] = []
  for (let index = 0; index < count; index += 1) instances.push(await serve(redis))
  return { redis, instances }
}

/** Somebody with a name, who notes who comes and goes. */
interface Person extends StockClient {
  readonly name: string
  /** `+name` and `-name`, in order. */
  readonly changes: string[]
  /** Names of the others. */
  others(): string[]
}

async function enter(wsUrl: string, name: string, params: Record<string, string> = {}): Promise<Person> {
  const client = connectStock(wsUrl, 'lobby', { params })
  suite.after(() => client.destroy())
  const { awareness } = client.provider
  const changes: string[] = []
  const names = new Map<number, string>()
  awareness.on('update', () => {
    const states = awareness.getStates()
    for (const [id, state] of states) {
      if (id === client.doc.clientID || names.has(id)) continue
      names.set(id, nameOf(state))
      changes.push(`+${nameOf(state)}`)
    }
    for (const [id, gone] of names) {
      if (states.has(id)) continue
      names.delete(id)
      changes.push(`-${gone}`)
    }
  })
  awareness.setLocalState({ name, place: 0 })
  await waitFor(`${name} to be synced`, () => client.provider.synced)
  const others = (): string[] =>
    [...awareness.getStates()]
      .filter(([id]) => id !== client.doc.clientID)
      .map(([, state]) => nameOf(state))
      .toSorted()
  return { ...client, name, changes, others }
}

function nameOf(state: Record<string, unknown> | undefined): string {
  const name = state?.['name']
  return typeof name === 'string' ? name : '?'
}

function placeOf(viewer: Person, name: string): unknown {
  for (const state of viewer.provider.awareness.getStates().values())
    if (nameOf(state) === name) return state['place']
  return undefined
}

const sees = (viewer: Person, ...names: string[]): Promise<void> =>
  waitFor(
    `${viewer.name} to see ${names.join(', ') || 'nobody'}`,
    () => {
      return viewer.others().join() === names.join()
    },
    SEEN_MS,
  )

function at(instances: readonly Instance[], index: number): Instance {
  const instance = instances[index]
  if (instance === undefined) throw new Error(`there is no instance ${index}`)
  return instance
}

const wsOf = (instances: readonly Instance[], index: number): string => at(instances, index).server.wsUrl

describe('presence across instances', () => {
  test('[I4] a newcomer sees everybody at once, moves and leaves cross', async () => {
    const { instances } = await start(3)
    const ada = await enter(wsOf(instances, 0), 'ada')
    const bob = await enter(wsOf(instances, 1), 'bob')
    await Promise.all([sees(ada, 'bob'), sees(bob, 'ada')])
    const eve = await enter(wsOf(instances, 2), 'eve')
    await Promise.all([sees(ada, 'bob', 'eve'), sees(bob, 'ada', 'eve'), sees(eve, 'ada', 'bob')])
    ada.provider.awareness.setLocalStateField('place', 5)
    await waitFor('the others to see ada move', () => [bob, eve].every((one) => placeOf(one, 'ada') === 5))
    bob.destroy()
    await Promise.all([sees(ada, 'eve'), sees(eve, 'ada')])
    expect(ada.changes).toEqual(['+bob', '+eve', '-bob'])
  })

  test('[I4] an instance that dies takes its people along, once its lease has ended; back again, so are they', async () => {
    const { instances } = await start(2)
    const ada = await enter(wsOf(instances, 0), 'ada')
    const bob = await enter(wsOf(instances, 1), 'bob')
    await Promise.all([sees(ada, 'bob'), sees(bob, 'ada')])
    const { proxy } = at(instances, 0)
    proxy.refuse(true)
    proxy.cut()
    await sees(bob)
    expect(await at(instances, 1).server.metric('roomful_redis_gone_total')).toBe(1)
    // nobody is declared gone by one that cannot ask
    expect(ada.others()).toEqual(['bob'])
    proxy.refuse(false)
    await sees(bob, 'ada')
    ada.provider.awareness.setLocalStateField('place', 7)
    await waitFor('bob to see ada move', () => placeOf(bob, 'ada') === 7)
    expect(bob.changes).toEqual(['+ada', '-ada', '+ada'])
    expect(ada.changes).toEqual(['+bob'])
  })

  test('[I4] subscribers that are killed hear what they missed, and nobody flickers', async () => {
    const { redis, instances } = await start(2)
    const ada = await enter(wsOf(instances, 0), 'ada')
    const bob = await enter(wsOf(instances, 1), 'bob')
    await Promise.all([sees(ada, 'bob'), sees(bob, 'ada')])
    for (let round = 1; round <= 3; round += 1) {
      await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      ada.provider.awareness.setLocalStateField('place', round)
      const eve = await enter(wsOf(instances, round % 2), `eve${round}`)
      await Promise.all([sees(ada, 'bob', eve.name), sees(bob, 'ada', eve.name)])
      await waitFor('bob to see ada move', () => placeOf(bob, 'ada') === round)
      await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      eve.destroy()
      await Promise.all([sees(ada, 'bob'), sees(bob, 'ada')])
    }
    expect(bob.changes.filter((change) => change.endsWith('ada'))).toEqual(['+ada'])
  })

  test('[I4] while Redis is away everybody stays; back empty, rosters are told again', async () => {
    const { redis, instances } = await start(2)
    const ada = await enter(wsOf(instances, 0), 'ada')
    const bob = await enter(wsOf(instances, 1), 'bob')
    await Promise.all([sees(ada, 'bob'), sees(bob, 'ada')])
    await redis.kill()
    ada.provider.awareness.setLocalStateField('place', 9)
    const eve = await enter(wsOf(instances, 0), 'eve')
    await sees(ada, 'bob', 'eve')
    const { url, metric } = at(instances, 0).server
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: false, redis: 'away' })
    expect(await metric('roomful_redis_connected{connection="commands"}')).toBe(0)
    await redis.restart()
    await sees(bob, 'ada', 'eve')
    await waitFor('bob to see ada where she is', () => placeOf(bob, 'ada') === 9)
    expect(await metric('roomful_redis_connected{connection="subscriptions"}')).toBe(1)
    expect(await metric('roomful_redis_reconnects_total')).toBeGreaterThanOrEqual(2)
    expect(await metric('roomful_redis_other_instances')).toBe(1)
    expect(await metric('roomful_redis_lease_age_seconds')).toBeLessThan(10)
    expect(bob.changes).toEqual(['+ada', '+eve'])
    eve.destroy()
    await sees(bob, 'ada')
  })

  test('[I4] [I10] a tab that comes back on the other instance is not seen to leave, nor removed by its late end', async () => {
    const { instances } = await start(3)
    const third = await enter(wsOf(instances, 2), 'third')
    const door = await FaultProxy.start(Number(new URL(at(instances, 0).server.url).port))
    suite.after(() => door.close())
    const ada = await enter(`ws://127.0.0.1:${door.port}/ws`, 'ada', {
      v: '1',
      key: 'the secret of this tab',
    })
    await sees(third, 'ada')
    for (const index of [1, 0, 1]) {
      const opened = ada.frames.opened
      door.retarget(Number(new URL(at(instances, index).server.url).port))
      door.cut()
      await waitFor('ada to be back', () => ada.frames.opened > opened && ada.provider.synced)
      ada.provider.awareness.setLocalStateField('place', index + 10)
      await waitFor('the third to see where she is', () => placeOf(third, 'ada') === index + 10)
    }
    // longer than any connection is waited for
    await waitFor('her old connections to be gone', async () => {
      return (await at(instances, 0).server.metric('roomful_connections')) === 0
    })
    await enter(wsOf(instances, 0), 'late')
    await sees(third, 'ada', 'late')
    expect(third.changes).toEqual(['+ada', '+late'])
  })

  test('[I10] an instance that is drained hands its people over', async () => {
    const { instances } = await start(3)
    const third = await enter(wsOf(instances, 2), 'third')
    const door = await FaultProxy.start(Number(new URL(at(instances, 0).server.url).port))
    suite.after(() => door.close())
    const ada = await enter(`ws://127.0.0.1:${door.port}/ws`, 'ada', {
      v: '1',
      key: 'the secret of this tab',
    })
    await sees(third, 'ada')
    door.retarget(Number(new URL(at(instances, 1).server.url).port))
    await at(instances, 0).server.close()
    await waitFor('ada to be back', () => ada.frames.opened === 2 && ada.provider.synced)
    ada.provider.awareness.setLocalStateField('place', 3)
    await waitFor('the third to see where she is', () => placeOf(third, 'ada') === 3)
    expect(third.changes).toEqual(['+ada'])
  })

  test('[I5] who says to be somebody on another instance is not believed', async () => {
    const { instances } = await start(2)
    const ada = await enter(wsOf(instances, 0), 'ada')
    const bob = await enter(wsOf(instances, 1), 'bob')
    await sees(bob, 'ada')
    const doc = new Y.Doc()
    doc.clientID = ada.doc.clientID
    const eve = connectStock(wsOf(instances, 1), 'lobby', { doc })
    suite.after(() => eve.destroy())
    eve.provider.awareness.setLocalState({ name: 'forged' })
    await waitFor('eve to be synced', () => eve.provider.synced)
    const dropped = (): Promise<number> =>
      at(instances, 1).server.metric('roomful_presence_total{outcome="conflict"}')
    await waitFor('her to be refused', async () => (await dropped()) > 0)
    expect(bob.others()).toEqual(['ada'])
  })

  test('an instance has two connections, and many who move are few messages', async () => {
    const { redis, instances } = await start(2)
    const bob = await enter(wsOf(instances, 1), 'bob')
    const people: Person[] = []
    for (let index = 0; index < 20; index += 1) people.push(await enter(wsOf(instances, 0), `p${index}`))
    await waitFor('bob to see them all', () => bob.others().length === 20)
    const names = String(await redis.admin.client('LIST'))
    expect(names.split('\n').filter((line) => line.includes('name=roomful'))).toHaveLength(4)
    const published = async (): Promise<number> => {
      const stats = await redis.admin.info('commandstats')
      return Number(/cmdstat_publish:calls=(\d+)/.exec(stats)?.[1] ?? 0)
    }
    const before = await published()
    for (let step = 1; step <= 10; step += 1) {
      for (const person of people) person.provider.awareness.setLocalStateField('place', step)
      await waitFor('bob to see the last of them', () =>
        people.every(({ name }) => placeOf(bob, name) === step),
      )
    }
    // 200 states; half a message each would be one for each member that moves
    expect((await published()) - before).toBeLessThan(100)
  })
})

describe('messages about who is present', () => {
  interface OpenRoom {
    readonly room: RoomLog
    readonly stats: RedisStats
    readonly heard: string[]
    say(text: string): void
  }

  /** A room that is open on a log of its own, whose presence is what it was last given. */
  async function openRoom(port: number): Promise<OpenRoom> {
    const log = await createRedisLog({ url: `redis://127.0.0.1:${port}`, yredis: 'off' })
    suite.after(() => log.close())
    const heard: string[] = []
    let latest = Buffer.from('nothing')
    const ignored = (): void => undefined
    const sink: LogSink = {
      onEntry: ignored,
      onInstanceGone: ignored,
      onGap: ignored,
      onRewound: ignored,
      onDeleted: ignored,
      onAwareness: (_instance, bytes) => void heard.push(Buffer.from(bytes).toString()),
      presence: () => latest,
    }
    const room = await log.open('lobby' as RoomName, sink)
    const say = (text: string): void => {
      latest = Buffer.from(text)
      room.broadcastAwareness(latest)
    }
    return { room, stats: log.stats, heard, say }
  }

  /** Two that know of each other, on one Redis. */
  async function openTwo(): Promise<{
    readonly redis: RedisServer
    readonly writer: OpenRoom
    readonly reader: OpenRoom
  }> {
    const redis = await suite.start()
    const [writer, reader] = [await openRoom(redis.port), await openRoom(redis.port)]
    await waitFor('each to know of the other', () =>
      [writer, reader].every(({ room }) => room.isHeard === true),
    )
    return { redis, writer, reader }
  }

  test('[I6] of what a slow Redis cannot keep up with the latest is sent, and the rest is not held', async () => {
    const { redis, writer, reader } = await openTwo()
    redis.signal('SIGSTOP')
    suite.after(() => redis.signal('SIGCONT'))
    const before = writer.stats.inFlight
    let last = ''
    for (let index = 0; index < 500; index += 1) {
      last = `${index} `.padEnd(1_000, '.')
      writer.say(last)
      await nextTurn()
    }
    // eight messages; poll and signs of life of the log beside them
    expect(writer.stats.inFlight - before).toBeLessThan(30)
    expect(writer.stats.counts.superseded).toBeGreaterThan(300)
    redis.signal('SIGCONT')
    await waitFor('the latest to arrive', () => reader.heard.at(-1) === last)
    expect(reader.heard.length).toBeLessThan(120)
  })

  test('[I4] what is said once is sent, however slow Redis is: who claims to be somebody does not wait in vain', async () => {
    const { redis, writer, reader } = await openTwo()
    redis.signal('SIGSTOP')
    suite.after(() => redis.signal('SIGCONT'))
    const once: string[] = []
    for (let index = 0; index < 300; index += 1) {
      writer.say(`${index} `.padEnd(1_000, '.'))
      if (index % 50 !== 0) continue
      once.push(`once ${index}`)
      writer.room.broadcastAwareness(Buffer.from(`once ${index}`), true)
    }
    expect(writer.stats.counts.superseded).toBeGreaterThan(200)
    redis.signal('SIGCONT')
    await waitFor('the latest to arrive', () => reader.heard.at(-1)?.startsWith('299 ') === true)
    expect(reader.heard.filter((text) => text.startsWith('once'))).toEqual(once)
  })

  test('[I6] nor is more than so much held of what is said once', async () => {
    const { redis, writer, reader } = await openTwo()
    redis.signal('SIGSTOP')
    suite.after(() => redis.signal('SIGCONT'))
    for (let index = 0; index < 300; index += 1)
      writer.room.broadcastAwareness(Buffer.from(`${index} `.padEnd(1_000, '.')), true)
    writer.say('the end')
    redis.signal('SIGCONT')
    await waitFor('the latest to arrive', () => reader.heard.at(-1) === 'the end')
    expect(reader.heard.length).toBeLessThan(120)
    expect(reader.heard.at(-2)).toMatch(/^299 /)
  })

  test('a room that is left twice says so once', async () => {
    const redis = await suite.start()
    const { room } = await openRoom(redis.port)
    const said: string[] = []
    const listener = redis.admin.duplicate()
    suite.after(() => listener.disconnect())
    await listener.subscribe('{roomful:lobby:updates}:feed')
    listener.on('message', (_channel, message) => said.push(message.slice(0, 1)))
    await Promise.all([room.leave(), room.leave()])
    await room.leave()
    await redis.admin.publish('{roomful:lobby:updates}:feed', 'the end')
    await waitFor('all to be heard', () => said.includes('t'))
    expect(said.filter((letter) => letter === 'l')).toHaveLength(1)
  })
})
