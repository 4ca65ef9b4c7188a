import { encodeAwareness, encodeQueryAwareness, encodeSyncStep1, unpackNumbers } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { Random } from '../../tests/support/random.ts'
import type { FakeMember, MemberFacts } from '../../tests/support/room-harness/fake-member.ts'
import { Instances } from '../../tests/support/room-harness/instances.ts'
import { MovedReader, type ToldState } from '../../tests/support/room-harness/moved-reader.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { seeds } from '../../tests/support/seeds.ts'
import { encodePresenceEntry, joinPresence } from './room-presence-wire.ts'

const STEP1 = encodeSyncStep1(Uint8Array.of(0))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const said = (clientId: number, clock: number, json: string): Uint8Array =>
  encodeAwareness(joinPresence([encodePresenceEntry(clientId, clock, bytes(json))]))

/** Somebody in a room of one of the instances. */
interface Person {
  readonly room: number
  readonly member: FakeMember
  readonly reader: MovedReader
  id: number
  clock: number
  shape: number
  /** What it said to be since it was last told of everybody: it is not told of those. */
  readonly owned: Set<number>
}

const ODD_NUMBERS = ['0', '-1', '1e-7', '5e+3', '1E5', '123456789.125', '-0.5', '12']

/** A history of people who come, move, change, stop reading and go, in two instances that hear each other. */
class History {
  readonly #random: Random
  readonly #instances: Instances
  readonly #people: Person[] = []
  /** Pairs who only look on, from the same place: one takes moved entries, the other does not. */
  readonly #pairs: (readonly [Person, Person])[] = []
  /** room, clientID and clock → the text that was told with them: to everybody the same. */
  readonly #texts = new Map<string, string>()
  #nextId = 1
  moved = 0
  inFull = 0

  constructor(random: Random, instances: Instances) {
    this.#random = random
    this.#instances = instances
  }

  get thinned(): number {
    return this.#instances.rooms.reduce((sum, room) => sum + room.count('presenceThinned'), 0)
  }

  get lagging(): number {
    return this.#instances.rooms.reduce((sum, room) => sum + room.count('lagging'), 0)
  }

  run(steps: number): void {
    for (const room of [0, 1])
      for (const view of [undefined, '{"view":{"x":0.1,"y":0.1,"width":0.5,"height":0.5}}'])
        this.#pairs.push([this.#lookOn(room, false, view), this.#lookOn(room, true, view)])
    for (let step = 0; step < steps; step += 1) {
      this.#step()
      this.#instances.pump()
      this.#instances.advance(10 * this.#random.int(5))
      this.#read()
      if (step % 40 === 39) this.#compare()
    }
    this.#compare()
  }

  #step(): void {
    const random = this.#random
    const person = random.pick(this.#people)
    if (person === undefined || this.#people.length < 3) return this.#enter(this.#nextId++, {})
    switch (
      random.weighted({
        move: 40,
        change: 8,
        again: 4,
        go: 3,
        hide: 3,
        enter: 4,
        take: 2,
        stick: 3,
        read: 4,
        ask: 2,
      })
    ) {
      case 'move':
        for (const mover of this.#people) if (random.chance(0.5)) this.#say(mover, this.#state(mover))
        return
      case 'change':
        person.shape = random.int(4)
        return this.#say(person, this.#state(person))
      case 'again':
        return this.#say(person, person.reader.states.get(person.id)?.json ?? this.#state(person))
      case 'hide':
        return this.#say(person, 'null')
      case 'enter':
        return this.#enter(this.#nextId++, {})
      case 'take':
        // another connection of the same tab, or a stranger with its clientID
        return this.#enter(
          person.id,
          random.chance(0.5) && person.member.key !== undefined ? { key: person.member.key } : {},
        )
      case 'go':
        this.#people.splice(this.#people.indexOf(person), 1)
        return this.#roomOf(person).room.leave(person.member)
      case 'stick':
        person.member.isStuck = true
        return
      case 'read':
        return this.#unstick(person)
      case 'ask':
        return this.#ask(person)
    }
  }

  #lookOn(room: number, takesMoved: boolean, json: string | undefined): Person {
    const id = 1_000 + this.#nextId++
    const member = this.#instances.room(room).join({ extended: true, takesMoved, key: `onlooker ${id}` })
    const person: Person = {
      room,
      member,
      reader: new MovedReader(),
      id,
      clock: 0,
      shape: 0,
      owned: new Set([id]),
    }
    if (json !== undefined) this.#say(person, json)
    // without a word it is told of the others after a while
    this.#instances.advance(300)
    return person
  }

  #enter(id: number, facts: MemberFacts): void {
    const random = this.#random
    if (this.#people.length > 9) return
    const isExtended = random.chance(0.8)
    const room = random.int(2)
    const member = this.#instances.room(room).join({
      extended: isExtended,
      takesMoved: isExtended && random.chance(0.7),
      ...(random.chance(0.2) && { user: { id: `verified ${random.int(3)}`, name: 'V' } }),
      ...(isExtended && { key: `tab ${this.#nextId}` }),
      ...facts,
    })
    const reader = new MovedReader()
    const person: Person = { room, member, reader, id, clock: 0, shape: random.int(4), owned: new Set([id]) }
    this.#people.push(person)
    // some never introduce themselves, or do so late
    if (random.chance(0.9)) this.#roomOf(person).receive(member, STEP1)
    if (random.chance(0.9)) this.#say(person, this.#state(person))
  }

  #say(person: Person, json: string): void {
    const { reader, owned } = person
    if (reader.hasLost) {
      person.id = this.#nextId++
      person.clock = 0
      owned.add(person.id)
      reader.hasLost = false
    }
    person.clock += json === 'null' ? 0 : 1
    this.#roomOf(person).receive(person.member, said(person.id, person.clock, json))
    if (this.#random.chance(0.3)) this.#instances.pump()
  }

  #ask(person: Person): void {
    this.#roomOf(person).receive(person.member, encodeQueryAwareness())
    // it is answered once it reads
    this.#unstick(person)
    this.#instances.advance(200)
    person.owned.clear()
    person.owned.add(person.id)
  }

  #state({ id, shape }: Person): string {
    const random = this.#random
    const part = (): string => `0.${1 + random.int(9)}`
    const pointer = shape === 1 ? 'null' : `{"x":${part()},"y":${part()}}`
    const view = shape === 3 ? 'null' : `{"x":${part()},"y":0.${random.int(10)},"width":0.2,"height":0.2}`
    const json = `{"user":{"id":"u${id}","name":"N${shape} \\" 7"},"pointer":${pointer},"view":${view},"n":${random.pick(ODD_NUMBERS)}}`
    return shape === 2 ? json.replaceAll(',', ' ,\n ') : json
  }

  #unstick({ member }: Person): void {
    member.isStuck = false
    member.bufferedBytes = 0
  }

  #roomOf({ room }: Person): RoomHarness {
    return this.#instances.room(room)
  }

  /** At any time both of a pair know the same, but for each other. */
  #comparePairs(): void {
    for (const pair of this.#pairs) {
      const [stock, short] = pair.map((person) => {
        for (const told of person.reader.read(person.member)) this.#check(person, told)
        return [...person.reader.states.values()]
          .filter(({ clientId }) => clientId < 1_000)
          .toSorted((a, b) => a.clientId - b.clientId)
      })
      expect(short).toEqual(stock)
    }
  }

  /** Everybody answers pings or not, and reads; whatever they are told is the same for all. */
  #read(): void {
    this.#comparePairs()
    const people = this.#people.slice()
    for (const person of people) {
      for (const answered of person.member.pings.splice(0)) if (this.#random.chance(0.5)) answered()
      for (const told of person.reader.read(person.member)) this.#check(person, told)
      if (person.member.closed === undefined) continue
      this.#people.splice(this.#people.indexOf(person), 1)
      this.#roomOf(person).room.leave(person.member)
    }
  }

  #check({ room }: Person, { clientId, clock, json }: ToldState): void {
    if (json === 'null') return
    const key = `${room} ${clientId} ${clock}`
    const known = this.#texts.get(key) ?? json
    this.#texts.set(key, known)
    expect(json, key).toBe(known)
  }

  /** All that was on its way has come: everybody knows the same as somebody who comes just now. */
  #compare(): void {
    for (const person of this.#people) this.#unstick(person)
    for (let at = 0; at < 4_000; at += 200) {
      this.#instances.advance(200)
      this.#read()
    }
    for (const [index, room] of this.#instances.rooms.entries()) {
      const newcomer = room.join()
      const reader = new MovedReader()
      room.receive(newcomer, encodeQueryAwareness())
      this.#instances.advance(200)
      reader.read(newcomer)
      this.#read()
      for (const person of this.#people) {
        if (person.room !== index) continue
        const others = (states: ReadonlyMap<number, ToldState>): ToldState[] =>
          [...states.values()]
            .filter(({ clientId }) => clientId < 1_000 && !person.owned.has(clientId))
            .toSorted((a, b) => a.clientId - b.clientId)
        expect(others(person.reader.states), `what ${person.id} knows`).toEqual(others(reader.states))
      }
      room.room.leave(newcomer)
    }
    for (const { reader } of this.#people) {
      this.moved += reader.moved
      this.inFull += reader.inFull
      reader.moved = 0
      reader.inFull = 0
    }
  }
}

async function historyOf(seed: number, presenceBytesPerSecond: number): Promise<History> {
  const limits = { presenceBytesPerSecond, sendBufferBytes: 900 }
  return new History(new Random(seed), await Instances.open(2, { limits }))
}

describe('members that take moved entries', () => {
  const state = (x: number, name = 'Ada'): string =>
    `{"user":{"name":"${name}"},"pointer":{"x":${x},"y":0.5}}`
  const shown = (member: FakeMember): unknown[] =>
    member.take().flatMap((message): unknown[] => {
      if (message.type === 'awareness') return [Buffer.from(message.update).toString('latin1').slice(4)]
      return message.type === 'moved' ? message.entries.map(({ numbers }) => unpackNumbers(numbers)) : []
    })

  test('[W40] are told of a state in full once, and by its numbers while nothing else of it changes; all others in full', async () => {
    const room = await RoomHarness.open()
    const facts = { extended: true, takesMoved: true }
    const [ada, short, old, stock] = [
      room.join(),
      room.join(facts),
      room.join({ extended: true }),
      room.join(),
    ]
    for (const [index, member] of [short, old, stock].entries())
      room.receive(member, STEP1, said(10 + index, 1, '{}'))
    room.receive(ada, STEP1, said(1, 1, state(0.25)))
    room.advance(100)
    for (const member of [short, old, stock]) member.take()
    const texts = [
      [state(0.5), '0.5,0.5'],
      // a renewal: nothing changes but the clock
      [state(0.5), '0.5,0.5'],
      [state(0.5, 'Bob'), state(0.5, 'Bob')],
      [state(0.75, 'Bob'), '0.75,0.5'],
      ['null', 'null'],
      [state(1, 'Bob'), state(1, 'Bob')],
    ] as const
    for (const [index, [text, told]] of texts.entries()) {
      room.receive(ada, said(1, index + 2, text))
      room.advance(100)
      expect(shown(short)).toEqual([told])
      expect(shown(old)).toEqual([text])
      expect(shown(stock)).toEqual([text])
    }
  })

  test('[W40] golden: a pointer that moved', async () => {
    const room = await RoomHarness.open()
    const [ada, short] = [room.join(), room.join({ extended: true, takesMoved: true })]
    room.receive(short, STEP1, said(9, 1, '{}'))
    room.receive(ada, STEP1, said(300, 1, state(0.25)))
    room.advance(100)
    short.take()
    room.receive(ada, said(300, 2, state(0.125)))
    room.advance(100)
    expect(short.frames.map((frame) => Buffer.from(frame).toString('hex'))).toEqual([
      '6c01ac0202050a125e0a5f',
    ])
  })

  test('[W5] a message 108 of a client is ignored, whatever is in it', async () => {
    const room = await RoomHarness.open()
    const member = room.join({ extended: true, takesMoved: true })
    for (const frame of [[108], [108, 0], [108, 1, 5, 1, 1, 0x0f], [108, 255]])
      room.receive(member, Uint8Array.from(frame))
    expect(member.closed).toBeUndefined()
    expect(room.count('ignored')).toBe(4)
  })

  test.each([
    ['a room that tells everything', 1e9],
    ['a thinned room', 2_000],
  ])('[W40] know what all others know, byte for byte, in %s', async (_what, presenceBytesPerSecond) => {
    let moved = 0
    let inFull = 0
    let lagging = 0
    let thinned = 0
    for (const seed of seeds(16)) {
      const history = await historyOf(seed, presenceBytesPerSecond)
      try {
        history.run(160)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
      moved += history.moved
      inFull += history.inFull
      lagging += history.lagging
      thinned += history.thinned
    }
    // of everything something happened
    expect(moved).toBeGreaterThan(300)
    expect(inFull).toBeGreaterThan(500)
    expect(lagging).toBeGreaterThan(5)
    if (presenceBytesPerSecond < 1e9) expect(thinned).toBeGreaterThan(500)
    else expect(thinned).toBe(0)
  })
})
