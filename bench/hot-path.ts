import { performance } from 'node:perf_hooks'
import {
  DEFAULT_LIMITS,
  encodeAwareness,
  encodeSyncStep1,
  encodeSyncStep2,
  type RoomName,
} from '@roomful/shared'
import { createMemoryLog } from '../server/src/log/memory-log.ts'
import { silentLogger } from '../server/src/logger.ts'
import type { Member, MessageBatch } from '../server/src/member.ts'
import { createMetrics, IDLE_SOURCES } from '../server/src/metrics.ts'
import { observeRoom } from '../server/src/observe-room.ts'
import { ProcessBounds } from '../server/src/process-bounds.ts'
import { Room } from '../server/src/room.ts'
import { frameAll, frameBatch } from '../server/src/socket/framing.ts'
import { SimClock } from '../tests/support/simulator/sim-clock.ts'
import { inlineCompactor } from '../tests/support/room-harness/room-harness.ts'
import { Person } from './generator/presence.ts'
import { Typist } from './generator/typing.ts'

// What a message costs the room without its sockets: people of one room in one process, time in our hand. CPU time, so that
// a busy machine disturbs it least:
// node --conditions=@roomful/source --import tsx bench/hot-path.ts
const ROUNDS = 5

class Sink implements Member {
  readonly connectionId: number
  readonly extended = false
  readonly key = undefined
  readonly permission = 'write'
  readonly bufferedBytes = 0
  bytes = 0

  constructor(connectionId: number) {
    this.connectionId = connectionId
  }

  send(message: Uint8Array): void {
    this.bytes += frameAll([message]).length
  }

  sendBatch(batch: MessageBatch): void {
    batch.framed ??= frameBatch(batch)
    this.bytes += batch.framed.length
  }

  charge(): void {}
  ping(): void {}
  hold(): void {}
  close(): void {
    throw new Error('closed')
  }
}

interface Scene {
  readonly room: Room
  readonly clock: SimClock
  readonly members: readonly Sink[]
  readonly persons: readonly Person[]
}

async function open(people: number): Promise<Scene> {
  const clock = new SimClock()
  const name = 'hot' as RoomName
  const opening = Room.open({
    name,
    backend: createMemoryLog(),
    clock,
    compactor: inlineCompactor,
    limits: DEFAULT_LIMITS,
    bounds: new ProcessBounds(DEFAULT_LIMITS),
    instanceId: 'here',
    events: observeRoom(name, createMetrics(IDLE_SOURCES), silentLogger),
  })
  const timer = setInterval(() => clock.turnPending && clock.endTurn(), 1)
  const room = await opening
  clearInterval(timer)
  const persons = Array.from({ length: people }, (_none, i) => new Person(i))
  const members = persons.map((_person, i) => new Sink(i))
  for (const [i, member] of members.entries()) {
    room.join(member)
    room.receive(member, encodeSyncStep1(Uint8Array.of(0)))
    room.receive(member, encodeAwareness(persons[i]?.next() ?? Uint8Array.of(0)))
    room.receive(member, encodeSyncStep2(Uint8Array.of(0, 0)))
  }
  advance(clock, 1_000)
  return { room, clock, members, persons }
}

function advance(clock: SimClock, ms: number): void {
  for (let left = ms; left > 0;) {
    left = clock.advance(left)
    while (clock.turnPending) clock.endTurn()
  }
  while (clock.turnPending) clock.endTurn()
}

/** Everybody moves 12.5 times a second for so many seconds of the room's time; µs per state and receiver, and per state. */
async function cursors(people: number, echo: boolean): Promise<readonly [string, () => number]> {
  const { room, clock, members, persons } = await open(people)
  const seconds = Math.max(0.5, Math.min(8, 40_000 / (people * people * 12.5)))
  return [
    `cursors, ${people} people${echo ? ', echo' : ''}`,
    () => {
      const total = Math.ceil(people * 12.5 * seconds)
      const frames = Array.from({ length: total }, (_none, i) =>
        encodeAwareness(persons[i % people]?.next() ?? Uint8Array.of(0)),
      )
      const before = process.cpuUsage()
      for (const [sent, frame] of frames.entries()) {
        const from = members[sent % people]
        if (from === undefined) continue
        room.receive(from, frame)
        // every other sends it back, one by one
        if (echo) for (const other of members) if (other !== from) room.receive(other, frame)
        advance(clock, 80 / people)
      }
      const { user, system } = process.cpuUsage(before)
      return (user + system) / total
    },
  ]
}

async function edits(writers: number, people: number): Promise<readonly [string, () => number]> {
  const { room, clock, members } = await open(people)
  const typists = Array.from({ length: writers }, (_none, i) => new Typist(i))
  const perRound = 400
  for (const typist of typists) typist.prepare(perRound * (ROUNDS + 1) + 1)
  let state = 0
  return [
    `edits, ${writers} of ${people}`,
    () => {
      const before = process.cpuUsage()
      for (let n = 0; n < perRound; n += 1) {
        state += 1
        for (const [i, typist] of typists.entries()) {
          const member = members[i]
          if (member !== undefined) room.receive(member, typist.message(state))
          advance(clock, 1)
        }
      }
      const { user, system } = process.cpuUsage(before)
      return (user + system) / (perRound * writers)
    },
  ]
}

const only = process.argv[2]
for (const prepare of [
  () => cursors(2, false),
  () => cursors(25, false),
  () => cursors(50, true),
  () => cursors(200, false),
  () => cursors(600, false),
  () => edits(1, 2),
  () => edits(20, 120),
]) {
  const [label, run] = await prepare()
  if (only !== undefined && !label.includes(only)) continue
  run()
  const startedAt = performance.now()
  const costs = Array.from({ length: ROUNDS }, run).sort((a, b) => a - b)
  const best = costs[0] ?? Number.NaN
  console.log(
    `${label.padEnd(26)} ${best.toFixed(2).padStart(9)} µs a message (best of ${ROUNDS}, median ${(costs[Math.floor(ROUNDS / 2)] ?? 0).toFixed(2)}; ${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`,
  )
}
