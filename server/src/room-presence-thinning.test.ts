import { encodeSyncStep1 } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { Random } from '../../tests/support/random.ts'
import type { FakeMember } from '../../tests/support/room-harness/fake-member.ts'
import { awarenessFrame, readEntries, takePresence } from '../../tests/support/room-harness/presence-bytes.ts'
import { Instances, Onlooker } from '../../tests/support/room-harness/instances.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { isNullState, readPresence } from './room-presence-wire.ts'
import { FAR_MS } from './room-presence-plan.ts'
import { THINNED_TICK_MS } from './room-presence-thinning.ts'

const STEP1 = encodeSyncStep1(Uint8Array.of(0))
/** Everybody hears of everybody within it. */
const BOUND_MS = FAR_MS + 2 * THINNED_TICK_MS // 1 s
/** Between two moves of one person, as the app sends them. */
const MOVE_MS = 80

interface Point {
  readonly x: number
  readonly y: number
}
type View = Point & { readonly width: number; readonly height: number }
interface Person {
  readonly id: number
  readonly member: FakeMember
  clock: number
  pointer: Point | null
  view: View | null
  /** When each clock was issued, and whether that was news everybody has to hear at once. */
  readonly issuedAt: Map<number, number>
  /** What it knows of the others: the highest clock, -1 for who has left. */
  readonly known: Map<number, number>
  /** What it was told since it was looked at last: how often, of whom. */
  readonly told: Map<number, number>
}

/** A room full of people who move, and what each of them has heard. */
class Crowd {
  readonly people: Person[] = []
  readonly #room: RoomHarness
  #nextId = 1

  constructor(room: RoomHarness) {
    this.#room = room
  }

  static async open(presenceBytesPerSecond: number): Promise<Crowd> {
    return new Crowd(await RoomHarness.open({ limits: { presenceBytesPerSecond } }))
  }

  get room(): RoomHarness {
    return this.#room
  }

  get now(): number {
    return this.#room.clock.now()
  }

  enter(pointer: Point | null, view: View | null): Person {
    const member = this.#room.join({ key: `tab ${this.#nextId}`, extended: true }, true)
    const person: Person = {
      id: this.#nextId,
      member,
      clock: 0,
      pointer,
      view,
      issuedAt: new Map(),
      known: new Map(),
      told: new Map(),
    }
    this.#nextId += 1
    this.people.push(person)
    this.#room.receive(member, STEP1)
    this.say(person)
    return person
  }

  say(person: Person): void {
    const { id, member, pointer, view } = person
    person.clock += 1
    person.issuedAt.set(person.clock, this.now)
    this.#room.receive(member, awarenessFrame([id, person.clock, { user: { id: `u${id}` }, pointer, view }]))
    this.#room.turn()
  }

  leave(person: Person): void {
    this.people.splice(this.people.indexOf(person), 1)
    this.#room.receive(person.member, awarenessFrame([person.id, person.clock + 1, null]))
    this.#room.turn()
    this.#room.room.leave(person.member)
  }

  /** Everybody reads what has come. */
  read(): void {
    for (const person of this.people)
      for (const { update } of person.member.takeOf('awareness'))
        for (const { clientId, clock, json } of readPresence(update) ?? []) {
          if (clientId === person.id) throw new Error(`${person.id} is told of itself`)
          person.known.set(clientId, isNullState(json) ? -1 : clock)
          person.told.set(clientId, (person.told.get(clientId) ?? 0) + 1)
        }
  }

  /** Lets time pass in small steps, everybody moving within their view if `moves`. */
  run(ms: number, moves: (person: Person, random: Random) => boolean, random: Random): void {
    for (let at = 0; at < ms; at += 10) {
      for (const person of this.people)
        if ((at + person.id * 37) % MOVE_MS < 10 && moves(person, random)) {
          const { x, y, width, height } = person.view ?? { x: 0, y: 0, width: 1, height: 1 }
          person.pointer = {
            x: x + (random.int(1_000) / 1_000) * width,
            y: y + (random.int(1_000) / 1_000) * height,
          }
          this.say(person)
        }
      this.#room.advance(10)
      this.read()
      this.expectFresh()
    }
  }

  /** Nobody's picture of anybody is older than the bound. */
  expectFresh(): void {
    for (const reader of this.people)
      for (const { id, issuedAt } of this.people) {
        if (id === reader.id) continue
        const next = issuedAt.get((reader.known.get(id) ?? 0) + 1)
        if (next !== undefined && this.now - next > BOUND_MS)
          throw new Error(`what ${reader.id} knows of ${id} is ${this.now - next} ms old`)
      }
  }

  forgetTold(): void {
    for (const { told } of this.people) told.clear()
  }
}

const corner = (n: number): View => ({ x: (n % 2) * 0.75, y: (n >> 1) * 0.75, width: 0.2, height: 0.2 })
const always = (): boolean => true
const thinned = (crowd: Crowd): number => crowd.room.count('presenceThinned')

describe('[W39] [limit:presenceBytesPerSecond]', () => {
  test('below the budget everybody is told of everything, and nothing of it is looked into', async () => {
    const crowd = await Crowd.open(10_000_000)
    for (let n = 0; n < 20; n += 1) crowd.enter(null, corner(n % 4))
    crowd.run(500, always, new Random(1))
    crowd.forgetTold()
    crowd.run(2_000, always, new Random(2))
    for (const { told } of crowd.people)
      for (const count of told.values()) expect(count).toBeGreaterThanOrEqual(24)
    expect([thinned(crowd), crowd.room.count('limited')]).toEqual([0, 0])
  })

  test('above it a member hears at once of who points into its view, and once a second of everybody else', async () => {
    const crowd = await Crowd.open(1_200_000)
    for (let n = 0; n < 40; n += 1) crowd.enter(null, corner(n % 4))
    crowd.run(1_500, always, new Random(1))
    crowd.forgetTold()
    crowd.run(4_000, always, new Random(2))
    expect(thinned(crowd)).toBeGreaterThan(0)
    for (const { id, told } of crowd.people)
      for (const [other, count] of told) {
        const isNear = other % 4 === id % 4
        expect(count / 4, `${id} of ${other}`).toBeGreaterThanOrEqual(isNear ? 10 : 1)
        if (!isNear) expect(count / 4).toBeLessThan(2)
      }
  })

  test('where all see the whole board all are told equally often, within the budget', async () => {
    const budget = 400_000
    const crowd = await Crowd.open(budget)
    for (let n = 0; n < 40; n += 1)
      crowd.enter(null, n % 2 === 0 ? null : { x: 0, y: 0, width: 1, height: 1 })
    crowd.run(2_000, always, new Random(1))
    crowd.forgetTold()
    let bytes = 0
    for (const { member } of crowd.people) member.batches.length = 0
    crowd.run(4_000, always, new Random(2))
    const counts = crowd.people.flatMap(({ told }) => [...told.values()])
    expect(Math.min(...counts) / 4).toBeGreaterThanOrEqual(2)
    expect(Math.max(...counts)).toBeLessThanOrEqual(Math.min(...counts) * 1.5)
    for (const { member } of crowd.people) for (const batch of member.batches) bytes += batch.bytes
    expect(bytes / 4).toBeLessThan(budget * 1.15)
    expect(bytes / 4).toBeGreaterThan(budget * 0.6)
  })

  test('the last state of somebody who stops reaches everybody within a second, and then nothing is said any more', async () => {
    const crowd = await Crowd.open(100_000)
    for (let n = 0; n < 30; n += 1) crowd.enter(null, corner(n % 4))
    crowd.run(2_000, always, new Random(1))
    crowd.run(BOUND_MS, () => false, new Random(1))
    for (const { id, known } of crowd.people)
      for (const other of crowd.people)
        if (other.id !== id) expect(known.get(other.id), `${id} of ${other.id}`).toBe(other.clock)
    crowd.forgetTold()
    crowd.run(2_000, () => false, new Random(1))
    expect(crowd.people.map(({ told }) => told.size)).toEqual(crowd.people.map(() => 0))
  })

  test('who comes and who leaves is told to everybody in the next tick', async () => {
    const crowd = await Crowd.open(100_000)
    for (let n = 0; n < 30; n += 1) crowd.enter(null, corner(0))
    crowd.run(1_500, always, new Random(1))
    // far from everybody else
    const late = crowd.enter({ x: 1, y: 1 }, corner(3))
    crowd.room.advance(THINNED_TICK_MS)
    crowd.read()
    expect(crowd.people.every(({ id, known }) => id === late.id || known.get(late.id) === 1)).toBe(true)
    expect(late.known.size).toBe(30)
    crowd.run(500, always, new Random(2))
    crowd.leave(late)
    crowd.room.advance(THINNED_TICK_MS)
    crowd.read()
    expect(crowd.people.every(({ known }) => known.get(late.id) === -1)).toBe(true)
    // and who takes the id up again has come
    const again = { ...late, member: crowd.room.join({ key: `tab ${late.id}` }), clock: late.clock + 5 }
    crowd.people.push(again)
    crowd.say(again)
    crowd.room.advance(THINNED_TICK_MS)
    crowd.read()
    expect(crowd.people.every(({ id, known }) => id === late.id || known.get(late.id) === again.clock)).toBe(
      true,
    )
  })

  test('a slow reader that has drained lacks nothing of what its turn had not come for', async () => {
    const crowd = await Crowd.open(100_000)
    for (let n = 0; n < 30; n += 1) crowd.enter(null, corner(n % 4))
    crowd.run(2_000, always, new Random(1))
    const [slow] = crowd.people
    if (slow === undefined) throw new Error('nobody there')
    slow.member.bufferedBytes = 2_000_000
    for (let n = 0; n < 5; n += 1) for (const person of crowd.people) crowd.say(person)
    crowd.room.advance(2_000)
    takePresence(slow.member).forEach(({ clientId, clock }) => slow.known.set(clientId, clock))
    slow.member.bufferedBytes = 0
    crowd.room.advance(200)
    crowd.read()
    for (const { id, clock } of crowd.people) if (id !== slow.id) expect(slow.known.get(id)).toBe(clock)
  })

  test('members who see the same and say nothing share one frame', async () => {
    const crowd = await Crowd.open(100_000)
    for (let n = 0; n < 30; n += 1) crowd.enter(null, corner(n % 2))
    crowd.run(1_500, ({ id }) => id <= 20, new Random(1))
    const silent = crowd.people.filter(({ id }) => id > 20 && id % 2 === 0)
    for (const { member } of silent) member.batches.length = 0
    crowd.run(200, ({ id }) => id <= 20, new Random(2))
    const batches = silent.map(({ member }) => member.batches)
    expect(batches[0]?.length).toBeGreaterThan(0)
    expect(batches.every((told) => told.every((batch, i) => batch === batches[0]?.[i]))).toBe(true)
  })

  test('whatever people do, nobody’s picture of anybody is older than a second', async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = new Random(seed)
      const crowd = await Crowd.open(random.between(50_000, 1_500_000))
      const view = (): View | null =>
        random.chance(0.2)
          ? null
          : {
              x: random.int(80) / 100,
              y: random.int(80) / 100,
              width: random.between(1, 100) / 100,
              height: 0.2,
            }
      for (let n = random.between(5, 30); n > 0; n -= 1)
        crowd.enter(random.chance(0.3) ? null : { x: 0, y: 0 }, view())
      try {
        for (let step = 0; step < 12; step += 1) {
          const liveliness = random.int(10) / 10
          crowd.run(random.between(50, 1_200), (_person, dice) => dice.chance(liveliness), random)
          const someone = crowd.people[random.int(crowd.people.length)]
          if (someone === undefined) continue
          if (random.chance(0.4)) {
            someone.view = view()
            crowd.say(someone)
          } else if (random.chance(0.5)) crowd.leave(someone)
          else crowd.enter(null, view())
        }
        crowd.run(BOUND_MS, () => false, random)
        for (const { id, known } of crowd.people)
          for (const other of crowd.people) if (other.id !== id) expect(known.get(other.id)).toBe(other.clock)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
  })
})

test('people on other instances are thinned where they are heard, and a stock client ends with the latest of each', async () => {
  const instances = await Instances.open(2, { limits: { presenceBytesPerSecond: 20_000 } })
  const [here, there] = [instances.room(0), instances.room(1)]
  const reader = there.join()
  there.receive(reader, STEP1, awarenessFrame([100, 1, { view: corner(3) }]))
  const onlooker = new Onlooker(reader)
  const movers = Array.from({ length: 20 }, () => here.join())
  const say = (clock: number): void => {
    movers.forEach((member, n) => {
      const state = { pointer: { x: clock / 1_000, y: 0 }, view: corner(0) }
      here.receive(member, ...(clock === 1 ? [STEP1] : []), awarenessFrame([n + 1, clock, state]))
    })
  }
  for (let clock = 1; clock <= 25; clock += 1) {
    say(clock)
    instances.advance(MOVE_MS)
  }
  expect(there.count('presenceThinned')).toBeGreaterThan(0)
  instances.advance(BOUND_MS)
  for (let id = 1; id <= 20; id += 1)
    expect(onlooker.seen.get(id)).toMatchObject({ pointer: { x: 25 / 1_000 } })
  onlooker.destroy()
})

test('a frame of a thinned room is what y-protocols encodes: entries and their count agree', async () => {
  const crowd = await Crowd.open(50_000)
  for (let n = 0; n < 20; n += 1) crowd.enter(null, corner(n % 3))
  crowd.run(1_500, always, new Random(1))
  for (const person of crowd.people) crowd.say(person)
  crowd.room.advance(100)
  const frames = crowd.people.flatMap(({ member }) => member.takeOf('awareness'))
  expect(frames.length).toBeGreaterThan(0)
  for (const { update } of frames) expect(readEntries(update).length).toBeGreaterThan(0)
})
