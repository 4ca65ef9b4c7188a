import { Redis } from 'ioredis'
import { FaultProxy } from '../fault-proxy.ts'
import { copyOf, exchange } from '../redis-copy.ts'
import { RedisServer, type RedisServerOptions } from '../redis-server.ts'
import { idleFor, waitFor } from '../wait.ts'
import type { FaultHouse } from './house.ts'

/** Something that goes wrong between instances and Redis, or with Redis. */
export interface Fault {
  readonly name: string
  readonly redis?: RedisServerOptions
  /** The clock of the second instance is off by this, ms. */
  readonly clockOffMs?: number
  /** `false`: nothing that is written meanwhile can be stored, so that nobody may say that it is. */
  readonly saves: boolean
  /** Resolves once it is broken, to what mends it. */
  readonly break: (house: FaultHouse, holdMs: number) => Promise<() => Promise<void>>
}

/** How long something may take that is only waited for. */
const BUSY_AFTER_MS = 50
/** Commands that make a load last for some seconds. */
const BALLAST = 20_000
const LOAD_DELAY_US = 100

/** Everything that can be done to both instances' ways to Redis, held for a while. */
function onTheWay(
  name: string,
  saves: boolean,
  begin: (proxy: FaultProxy, ms: number) => void,
  options: Pick<Fault, 'clockOffMs' | 'redis'> = {},
): Fault {
  return {
    name,
    saves,
    ...options,
    async break({ proxies }, holdMs) {
      for (const proxy of proxies) begin(proxy, holdMs)
      return async () => {
        await idleFor(holdMs)
        for (const proxy of proxies) proxy.heal()
      }
    },
  }
}

/** Something that Redis is told, and told again to stop. */
function inRedis(
  name: string,
  saves: boolean,
  begin: (redis: Redis) => Promise<unknown>,
  end: (redis: Redis) => Promise<unknown>,
  redis: RedisServerOptions = {},
): Fault {
  return {
    name,
    saves,
    redis,
    async break(house, holdMs) {
      await begin(house.redis.admin)
      return async () => {
        await idleFor(holdMs)
        await end(house.redis.admin)
      }
    },
  }
}

/** Ends Redis as a crash does, and starts it over what it kept. */
function crash(name: string, redis: RedisServerOptions): Fault {
  return {
    name,
    redis,
    saves: false,
    async break(house, holdMs) {
      await house.redis.kill()
      return async () => {
        await idleFor(holdMs)
        await house.redis.restart()
      }
    },
  }
}

const CUT: Fault = onTheWay('connections are cut, and refused for a while', false, (proxy) => {
  proxy.refuse(true)
  proxy.cut()
})

const RESET: Fault = onTheWay('connections are reset', true, (proxy) => proxy.reset())

const HALF_OPEN: Fault = onTheWay('cables are pulled, nobody is told', true, (proxy) => proxy.halfOpen())

const NO_ANSWERS: Fault = onTheWay('commands arrive, answers do not', false, (proxy) =>
  proxy.stall('toClient', true),
)

const NO_COMMANDS: Fault = onTheWay('nothing that is said arrives', false, (proxy) =>
  proxy.stall('toServer', true),
)

const TRUNCATED: Fault = onTheWay('answers end in their middle', true, (proxy) => proxy.truncate('toClient'))

const DELAYED: Fault = onTheWay('everything takes half a second more', true, (proxy) => proxy.delay(500))

const VERY_DELAYED: Fault = onTheWay('everything takes ten seconds more', false, (proxy) =>
  proxy.delay(10_000),
)

const CLOCK_OFF: Fault = onTheWay(
  'the clock of one is a minute ahead, and connections are reset',
  true,
  (proxy) => proxy.reset(),
  { clockOffMs: 60_000 },
)

const CLOCK_SLOW: Fault = onTheWay(
  'the clock of one is a minute behind, and connections are reset',
  true,
  (proxy) => proxy.reset(),
  { clockOffMs: -60_000 },
)

const ONE_ALONE: Fault = {
  name: 'one instance is cut off, the other is not',
  saves: true,
  async break({ proxies }, holdMs) {
    const [, proxy] = proxies
    proxy?.refuse(true)
    proxy?.cut()
    return async () => {
      await idleFor(holdMs)
      proxy?.heal()
    }
  },
}

const SUBSCRIBERS_KILLED: Fault = {
  name: 'subscribers are killed again and again',
  saves: true,
  async break({ redis }) {
    for (let round = 0; round < 3; round += 1) {
      await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      await idleFor(50)
    }
    return () => Promise.resolve()
  },
}

const CRASH_ALWAYS: Fault = crash('Redis crashes and has kept every write', { appendfsync: 'always' })

const CRASH_EVERYSEC: Fault = crash('Redis crashes and keeps its file every second', {
  appendfsync: 'everysec',
})

const CRASH_EMPTY: Fault = crash('Redis crashes and comes back empty', {})

const FLUSHED: Fault = inRedis(
  'everything in Redis is deleted',
  true,
  (redis) => redis.flushall(),
  () => Promise.resolve(),
)

const FROZEN: Fault = {
  name: 'Redis is stopped for a while',
  saves: false,
  async break({ redis }, holdMs) {
    redis.signal('SIGSTOP')
    return async () => {
      await idleFor(holdMs)
      redis.signal('SIGCONT')
    }
  },
}

const LOADING: Fault = {
  name: 'Redis crashes and loads for seconds',
  redis: { appendfsync: 'everysec' },
  saves: false,
  async break(house) {
    const { redis } = house
    const ballast = redis.admin.pipeline()
    for (let index = 0; index < BALLAST; index += 1) ballast.set(`ballast ${index}`, '')
    await ballast.exec()
    await redis.kill()
    const loaded = redis.restart(['--key-load-delay', String(LOAD_DELAY_US)])
    // it takes connections and answers -LOADING by then
    loaded.catch(() => undefined)
    return () => loaded
  },
}

const NO_MEMORY: Fault = inRedis(
  'Redis has no memory left',
  false,
  (redis) => redis.config('SET', 'maxmemory', '1'),
  (redis) => redis.config('SET', 'maxmemory', '0'),
)

const READ_ONLY: Fault = inRedis(
  'Redis may only be read',
  false,
  (redis) => redis.replicaof('127.0.0.1', 1),
  (redis) => redis.replicaof('NO', 'ONE'),
)

const NO_CONFIG: Fault = inRedis(
  'CONFIG is refused, and connections are killed',
  true,
  async (redis) => {
    await redis.acl('SETUSER', 'default', '-config')
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  },
  () => Promise.resolve(),
)

const BUSY: Fault = {
  name: 'a script of somebody keeps Redis busy',
  redis: { args: ['--busy-reply-threshold', String(BUSY_AFTER_MS)] },
  saves: false,
  async break({ redis }, holdMs) {
    const { admin } = redis
    // connected before: a client that connects to a busy Redis is refused its INFO, and connects again for ever
    await admin.ping()
    const somebody = new Redis(redis.url, { retryStrategy: null })
    // ends by SCRIPT KILL
    const ended = somebody.eval('while true do end', 0).catch(() => undefined)
    await waitFor('Redis to be busy', () =>
      admin.get('anything').then(
        () => false,
        (error: unknown) => String(error).includes('BUSY'),
      ),
    )
    return async () => {
      await idleFor(holdMs)
      await admin.script('KILL')
      await ended
      somebody.disconnect()
    }
  },
}

/** A replica that stopped to listen at some moment: what was stored later it has never heard of. */
async function lateReplica(house: FaultHouse): Promise<RedisServer> {
  const replica = await RedisServer.start()
  house.after(() => replica.stop())
  const line = await FaultProxy.start(house.redis.port)
  house.after(() => line.close())
  await replica.admin.replicaof('127.0.0.1', line.port)
  await waitFor('the replica to have everything', async () => {
    const [theirs, ours] = await Promise.all([
      replica.admin.hget('{roomful:lobby:updates}:meta', 'n'),
      house.redis.admin.hget('{roomful:lobby:updates}:meta', 'n'),
    ])
    return theirs !== null && theirs === ours
  })
  line.refuse(true)
  line.cut()
  house.act()
  await waitFor('what it lacks to be stored', () => house.persons.every(({ pending = 0 }) => pending === 0))
  return replica
}

/** A replica takes over that lacks what was stored last. `lose`: what becomes of the Redis before it. */
function takenOver(name: string, lose: (redis: RedisServer) => Promise<unknown>): Fault {
  return {
    name,
    saves: false,
    async break(house, holdMs) {
      const replica = await lateReplica(house)
      await lose(house.redis)
      return async () => {
        await idleFor(holdMs)
        await replica.admin.replicaof('NO', 'ONE')
        house.redis = replica
        for (const proxy of house.proxies) proxy.retarget(replica.port)
      }
    },
  }
}

const FAILED_OVER: Fault = takenOver('a replica takes over that lacks what was stored last', (redis) =>
  redis.kill(),
)

/** Nobody cuts the connections: who writes is told READONLY, who listens is told nothing. */
const DEMOTED: Fault = takenOver(
  'a replica takes over and the old Redis lives on, read-only and on its own',
  ({ admin }) => admin.replicaof('127.0.0.1', 1),
)

/**
 * The same connections, another data set, as on a Redis that was demoted, followed another one and was promoted again: its
 * numbers go on where they were read, its entries are not those that were read.
 */
const SWAPPED: Fault = {
  name: 'what Redis holds becomes a copy that others went on writing to, under open connections',
  saves: true,
  async break(house) {
    const other = await RedisServer.start()
    house.after(() => other.stop())
    await exchange(other, await copyOf(house.redis))
    // these are in the old copy only, under numbers that the other one gives to something else
    house.act()
    await waitFor('that to be stored', () => house.persons.every(({ pending = 0 }) => pending === 0))
    await house.writeElsewhere(other)
    await exchange(house.redis, await copyOf(other))
    return () => Promise.resolve()
  },
}

/** Those that are the quickest to show what the others would; with what no other test does. */
export const SHORT_FAULTS: readonly Fault[] = [
  // the longest first
  FAILED_OVER,
  DEMOTED,
  CUT,
  ONE_ALONE,
  RESET,
  NO_ANSWERS,
  TRUNCATED,
  DELAYED,
  FROZEN,
  CRASH_EVERYSEC,
  NO_MEMORY,
  BUSY,
  CLOCK_OFF,
]

/** All of them. */
export const FAULTS: readonly Fault[] = [
  ...SHORT_FAULTS,
  HALF_OPEN,
  NO_COMMANDS,
  VERY_DELAYED,
  CLOCK_SLOW,
  SUBSCRIBERS_KILLED,
  CRASH_ALWAYS,
  CRASH_EMPTY,
  FLUSHED,
  LOADING,
  READ_ONLY,
  NO_CONFIG,
  SWAPPED,
]
