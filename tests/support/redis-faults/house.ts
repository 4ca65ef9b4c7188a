import { createRedisLog, systemClock, type Clock, type RedisLog } from '@roomful/server'
import { expect } from 'vitest'
import { acknowledged } from '../acknowledged.ts'
import { FaultProxy } from '../fault-proxy.ts'
import { Random } from '../random.ts'
import { RedisServer, type RedisServerOptions } from '../redis-server.ts'
import { startServer, type LocalServer } from '../test-server.ts'
import { waitFor as waitForCondition } from '../wait.ts'
import { Person } from './person.ts'

const ROOM = 'lobby'
/** Of each person in each round. */
const WRITES = 4
/** The two of an instance sit in the same room beside each other: the first is Roomful's own client. */
const NAMES = [
  ['ada', 'alf'],
  ['bob', 'ben'],
] as const

/** How a {@link FaultHouse} is set up. */
export interface HouseOptions {
  readonly seed: number
  readonly redis?: RedisServerOptions | undefined
  /** The clock of the second instance is off by this, ms. */
  readonly clockOffMs?: number | undefined
}

/** One instance, with what stands between it and Redis. */
export interface Instance {
  readonly server: LocalServer
  readonly log: RedisLog
  readonly proxy: FaultProxy
  readonly persons: readonly Person[]
}

/** Two instances on one Redis, each through a proxy of its own, with two people on each, all in one room. */
export class FaultHouse {
  readonly random: Random
  readonly instances: Instance[] = []
  /** The one that counts. */
  redis: RedisServer
  readonly #cleanups: (() => unknown)[] = []
  /** Words of people who are not in the house. */
  readonly #elsewhere: string[] = []
  #newcomers = 0

  private constructor(redis: RedisServer, seed: number) {
    this.redis = redis
    this.random = new Random(seed)
    this.after(() => redis.stop())
  }

  static async open({ seed, redis, clockOffMs = 0 }: HouseOptions): Promise<FaultHouse> {
    const house = new FaultHouse(await RedisServer.start(redis), seed)
    try {
      for (const [index, names] of NAMES.entries())
        await house.#settle(names, index === 0 ? systemClock : offBy(clockOffMs))
      house.act()
      await house.expectWhole('at the start')
    } catch (error) {
      await house.close()
      throw error
    }
    return house
  }

  get persons(): readonly Person[] {
    return this.instances.flatMap(({ persons }) => persons)
  }

  get proxies(): readonly FaultProxy[] {
    return this.instances.map(({ proxy }) => proxy)
  }

  /** Runs at the end, last first. */
  after(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup)
  }

  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup()
  }

  /** Everybody writes and moves. */
  act(): void {
    for (let count = 0; count < WRITES; count += 1)
      for (const person of this.persons) {
        person.write(this.random)
        if (this.random.chance(0.5)) person.move()
      }
    for (const person of this.persons) person.move()
  }

  /** Somebody writes in the same room on an instance that has another Redis, more often than everybody here does at once. */
  async writeElsewhere(redis: RedisServer): Promise<void> {
    const server = await serverOn(redis)
    const stranger = await this.#visit(server)
    for (let count = 0; count < 2 * WRITES * this.persons.length; count += 1) {
      stranger.write(this.random)
      await acknowledged(stranger)
    }
    this.#elsewhere.push(...stranger.typed)
    stranger.leave()
    await server.close()
  }

  /** Both instances compact the room now, at once. Resolves once both have tried. */
  async compact(): Promise<void> {
    const rooms = this.instances.flatMap(({ server }) => [...server.server.registry.rooms()])
    await Promise.all(rooms.map((room) => room.compact()))
  }

  /**
   * While something is broken: who is on one instance sees what is written and where it moves there, and a newcomer to it
   * gets all of that.
   */
  async expectUsable(): Promise<void> {
    for (const { persons, server } of this.instances) {
      await this.#waitFor('neighbours to see each other', () =>
        persons.every((reader) =>
          persons.every(
            (writer) =>
              includesAll(reader.words, writer.typed) &&
              (writer === reader || reader.others.includes(`${writer.name}@${writer.place}`)),
          ),
        ),
      )
      const newcomer = await this.#visit(server)
      expect(persons.every(({ typed }) => includesAll(newcomer.words, typed))).toBe(true)
      newcomer.leave()
    }
  }

  /** What was just written says that it is not stored. */
  expectPending(): void {
    for (const { name, pending } of this.persons)
      if (pending !== undefined) expect(pending, `pending of ${name}`).toBeGreaterThan(0)
  }

  /**
   * Waits, with nobody writing, until residents, newcomers on both instances and one who has only Redis to ask hold the
   * same, all that anybody wrote is among it, nothing is pending, and everybody sees everybody where they are.
   *
   * @returns how long that took, ms
   */
  async expectWhole(when: string): Promise<number> {
    const startedAt = performance.now()
    const { persons } = this
    const typed = this.#typed()
    await this.#waitFor(`residents to hold the same ${when}`, () => {
      const [first] = persons
      return persons.every((person) => person.content === first?.content && includesAll(person.words, typed))
    })
    await this.#waitFor(`nothing to be pending ${when}`, () =>
      persons.every(({ pending = 0 }) => pending === 0),
    )
    await this.#waitFor(`everybody to see everybody ${when}`, () =>
      persons.every((person) => {
        const others = persons.filter((other) => other !== person)
        const expected = others.map(({ name, place }) => `${name}@${place}`).toSorted()
        return person.others.join() === expected.join()
      }),
    )
    const stranger = await serverOn(this.redis)
    try {
      for (const server of [stranger, ...this.instances.map((instance) => instance.server)])
        await this.#expectNewcomer(server, when)
    } finally {
      await stranger.close()
    }
    const tookMs = performance.now() - startedAt
    await this.#waitFor(`newcomers to be gone ${when}`, () =>
      persons.every(({ others }) => others.length === persons.length - 1),
    )
    await this.#waitFor(`both logs to be well ${when}`, () =>
      this.instances.every(({ log }) => log.isHealthy),
    )
    return tookMs
  }

  /** Whom residents saw leave though they were there all the time. */
  get missed(): string[] {
    const residents = new Set(this.persons.map(({ name }) => name))
    return this.persons.flatMap(({ name, missed }) =>
      missed.filter((other) => residents.has(other)).map((other) => `${name} saw ${other} leave`),
    )
  }

  async #waitFor(what: string, condition: () => boolean): Promise<void> {
    try {
      await waitForCondition(what, condition)
    } catch (error) {
      throw new Error(`${String(error)}:\n${this.#told().join('\n')}`, { cause: error })
    }
  }

  #typed(): string[] {
    return [...this.#elsewhere, ...this.persons.flatMap((person) => person.typed)]
  }

  #told(): string[] {
    const typed = this.#typed()
    return this.persons.map((person) => {
      const lacking = typed.filter((word) => !person.words.includes(word))
      return `${person.name}@${person.place}: pending ${person.pending}, lacks [${lacking.join()}], sees [${person.others.join()}]`
    })
  }

  async #settle(names: readonly string[], clock: Clock): Promise<void> {
    const proxy = await FaultProxy.start(this.redis.port)
    this.after(() => proxy.close())
    const log = await createRedisLog({ url: `redis://127.0.0.1:${proxy.port}`, clock })
    const server = await startServer({ backend: log, clock })
    this.after(() => server.close())
    const persons: Person[] = []
    for (const [index, name] of names.entries()) {
      const person = await Person.enter(server.wsUrl, ROOM, name, index === 0 ? 'roomful' : 'stock')
      this.after(() => person.leave())
      persons.push(person)
    }
    this.instances.push({ server, log, proxy, persons })
  }

  async #visit(server: LocalServer): Promise<Person> {
    this.#newcomers += 1
    const newcomer = await Person.enter(server.wsUrl, ROOM, `newcomer ${this.#newcomers}`)
    this.after(() => newcomer.leave())
    return newcomer
  }

  async #expectNewcomer(server: LocalServer, when: string): Promise<void> {
    const newcomer = await this.#visit(server)
    await this.#waitFor(
      `a newcomer to hold the same ${when}`,
      () => newcomer.content === this.persons[0]?.content,
    )
    newcomer.leave()
  }
}

async function serverOn(redis: RedisServer): Promise<LocalServer> {
  return startServer({ backend: await createRedisLog({ url: redis.url }) })
}

function includesAll(words: readonly string[], wanted: readonly string[]): boolean {
  const found = new Set(words)
  return wanted.every((word) => found.has(word))
}

function offBy(ms: number): Clock {
  return ms === 0 ? systemClock : { ...systemClock, now: () => systemClock.now() + ms }
}
