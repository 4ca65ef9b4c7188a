import { CLOSE, DEFAULT_LIMITS, type Limits, type RoomName } from '@roomful/shared'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { FakeMember } from '../../tests/support/room-harness/fake-member.ts'
import { countEvents, inlineCompactor } from '../../tests/support/room-harness/room-harness.ts'
import { noteOf, Writer } from '../../tests/support/room-harness/writer.ts'
import { SimClock } from '../../tests/support/simulator/sim-clock.ts'
import { LogError } from './log/log-error.ts'
import { createMemoryLog } from './log/memory-log.ts'
import type { LogBackend } from './log/room-log.ts'
import { RoomRegistry, RoomUnavailable } from './room-registry.ts'

const ROOM = 'design' as RoomName
const OTHER = 'launch' as RoomName

interface Scene {
  readonly registry: RoomRegistry
  readonly clock: SimClock
  readonly backend: LogBackend
  openings: number
}

function open(limits: Partial<Limits> = {}, fails?: () => Error | undefined): Scene {
  const clock = new SimClock()
  const memory = createMemoryLog({ clock })
  const scene: { -readonly [K in keyof Scene]: Scene[K] } = {
    clock,
    openings: 0,
    backend: {
      durability: memory.durability,
      async open(room, sink) {
        scene.openings += 1
        const error = fails?.()
        if (error !== undefined) throw error
        return memory.open(room, sink)
      },
      rooms: (after) => memory.rooms(after),
      delete: (room, stateVector) => memory.delete(room, stateVector),
      close: () => memory.close(),
    },
    registry: undefined as unknown as RoomRegistry,
  }
  scene.registry = new RoomRegistry({
    backend: scene.backend,
    clock,
    compactor: inlineCompactor,
    limits: { ...DEFAULT_LIMITS, ...limits },
    instanceId: 'here',
    events: () => countEvents(new Map()),
  })
  return scene
}

const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('however many ask at once, a room is opened once and all get the same one', async () => {
  const scene = open()
  const rooms = await Promise.all([scene.registry.acquire(ROOM), scene.registry.acquire(ROOM)])
  expect(rooms[0]).toBe(rooms[1])
  expect(await scene.registry.acquire(ROOM)).toBe(rooms[0])
  expect(scene.openings).toBe(1)
  expect([...scene.registry.rooms()]).toEqual([rooms[0]])
  expect(scene.registry.peek(OTHER)).toBeUndefined()
})

test('a room whose log cannot be read rejects for all who wait, and the next call tries again', async () => {
  let error: Error | undefined = new Error('away')
  const scene = open({}, () => error)
  const outcomes = await Promise.allSettled([scene.registry.acquire(ROOM), scene.registry.acquire(ROOM)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  error = undefined
  expect((await scene.registry.acquire(ROOM)).name).toBe(ROOM)
})

test('[I6] [limit:rooms] a server with people in all its rooms refuses one more with 1013, until one is empty', async () => {
  const scene = open({ rooms: 1 })
  const room = await scene.registry.acquire(ROOM)
  const member = new FakeMember()
  room.join(member)
  const refusal = await scene.registry.acquire(OTHER).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(RoomUnavailable)
  expect(refusal).toMatchObject({ code: 'rooms-full', close: CLOSE.overload })
  expect(member.closed).toBeUndefined()
  room.leave(member)
  expect((await scene.registry.acquire(OTHER)).name).toBe(OTHER)
  expect(scene.registry.peek(ROOM)).toBeUndefined()
})

test('a room that was deleted by somebody else is opened anew', async () => {
  const scene = open()
  const first = await scene.registry.acquire(ROOM)
  const member = new FakeMember()
  first.join(member)
  await scene.backend.delete(ROOM, Uint8Array.of(0))
  first.receive(member, new Writer(1).frame('too late'))
  await nextTask()
  expect(member.closed?.code).toBe(CLOSE.deleted.code)
  const second = await scene.registry.acquire(ROOM)
  expect(second.generation).toBe(1)
  expect(noteOf(second.encodeDocument())).toBe('')
})

test('[limit:unloadMs] a room is unloaded when it was empty for the whole time, and comes back from its log', async () => {
  const scene = open()
  const first = await scene.registry.acquire(ROOM)
  const member = new FakeMember()
  first.join(member)
  first.receive(member, new Writer(1).frame('kept'))
  scene.clock.endTurn()
  scene.clock.advance(DEFAULT_LIMITS.unloadMs * 3)
  expect(scene.registry.peek(ROOM)).toBe(first)
  first.leave(member)
  for (let left = DEFAULT_LIMITS.unloadMs - 1; left > 0;) left = scene.clock.advance(left)
  // somebody looks in: the time starts again
  await scene.registry.acquire(ROOM)
  for (let left = DEFAULT_LIMITS.unloadMs - 1; left > 0;) left = scene.clock.advance(left)
  expect(scene.registry.peek(ROOM)).toBe(first)
  scene.clock.advance(1)
  await nextTask()
  expect(scene.registry.size).toBe(0)
  const second = await scene.registry.acquire(ROOM)
  expect(second).not.toBe(first)
  expect(noteOf(second.encodeDocument())).toBe('kept')
})

test('who acquires while a room is unloaded waits and gets a new one', async () => {
  const scene = open({ unloadMs: 5 })
  const first = await scene.registry.acquire(ROOM)
  scene.clock.advance(5)
  const second = await scene.registry.acquire(ROOM)
  expect(second).not.toBe(first)
  expect(scene.openings).toBe(2)
})

test('deleting closes the members with 4404 and the new generation, and leaves a tombstone', async () => {
  const scene = open()
  const room = await scene.registry.acquire(ROOM)
  const [member, writer] = [new FakeMember(), new Writer(1)]
  room.join(member)
  room.receive(member, writer.frame('gone'))
  await scene.registry.delete(ROOM)
  expect(member.closed).toEqual({ code: CLOSE.deleted.code, reason: 'generation=1' })
  const next = await scene.registry.acquire(ROOM)
  expect(next.generation).toBe(1)
  expect(noteOf(next.encodeDocument())).toBe('')
  // a stock client that still has the old document does not bring it back
  const stock = new FakeMember()
  next.join(stock)
  next.receive(stock, writer.step2())
  expect(next.encodeStateVector()).toEqual(Y.encodeStateVector(new Y.Doc()))
})

test('a second deletion does not forget the first: neither generation comes back with a stock client', async () => {
  const scene = open()
  const [first, second] = [new Writer(1), new Writer(2)]
  for (const writer of [first, second]) {
    const room = await scene.registry.acquire(ROOM)
    const author = new FakeMember()
    room.join(author)
    room.receive(author, writer.frame('text'))
    await scene.registry.delete(ROOM)
  }
  const room = await scene.registry.acquire(ROOM)
  const returning = new FakeMember()
  room.join(returning)
  room.receive(returning, first.step2())
  room.receive(returning, second.step2())
  expect(room.generation).toBe(2)
  expect(room.encodeStateVector()).toEqual(Y.encodeStateVector(new Y.Doc()))
})

test('a room that is not open can be deleted', async () => {
  const scene = open()
  await scene.registry.delete(ROOM)
  expect((await scene.registry.acquire(ROOM)).generation).toBe(1)
})

test.each(['asks its check', 'reads the first room where there is none'])(
  'nobody is told of a deletion that storage cannot do now: the registry %s',
  async (how) => {
    const scene = open()
    const room = await scene.registry.acquire(ROOM)
    const member = new FakeMember()
    room.join(member)
    const away = new LogError('unavailable', 'away')
    let listings = 0
    Object.assign(scene.backend, {
      ...(how === 'asks its check' ? { check: () => Promise.reject(away) } : {}),
      // oxlint-disable-next-line require-yield -- refused at the first step
      async *rooms() {
        listings += 1
        throw away
      },
    })
    await expect(scene.registry.delete(ROOM)).rejects.toBe(away)
    expect(member.closed).toBeUndefined()
    expect(scene.registry.peek(ROOM)).toBe(room)
    expect(listings).toBe(how === 'asks its check' ? 0 : 1)
  },
)

test('closing refuses new rooms, closes every member with 1012 and leaves the logs', async () => {
  const scene = open()
  const [first, second] = await Promise.all([scene.registry.acquire(ROOM), scene.registry.acquire(OTHER)])
  const members = [new FakeMember({ extended: true }), new FakeMember()] as const
  first?.join(members[0])
  second?.join(members[1])
  await scene.registry.close()
  expect(members.map(({ closed }) => closed?.code)).toEqual([CLOSE.restart.code, CLOSE.restart.code])
  await expect(scene.registry.acquire(ROOM)).rejects.toMatchObject({ code: 'draining', close: CLOSE.restart })
  await scene.registry.close()
  expect(scene.registry.size).toBe(0)
  expect(scene.clock.nextIn).toBeUndefined()
})

test('closing while a room is being opened closes that room as well', async () => {
  const scene = open()
  const opening = scene.registry.acquire(ROOM)
  const closed = scene.registry.close()
  await opening
  await closed
  expect(scene.registry.size).toBe(0)
})
