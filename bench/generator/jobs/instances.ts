import { encodeAwareness } from '@roomful/shared'
import * as Y from 'yjs'
import { Client, openAll, type Target } from '../client.ts'
import { Cover } from '../cover.ts'
import { copyOf } from '../copy-of.ts'
import { freshRoom } from '../fresh-room.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep, until } from '../pacer.ts'
import { eachEntry, Person } from '../presence.ts'
import { eachWriter, Typist } from '../typing.ts'
import { Window } from '../window.ts'
import { verify } from './edits.ts'

/** One writes or everybody moves; half of those who look on are at another instance. */
export interface InstancesJob {
  readonly kind: 'instances'
  readonly what: 'typing' | 'cursors'
  /** Readers of what one writes, or people who move: at each of the two instances. */
  readonly each: number
  readonly hz: number
  readonly seconds: number
  /** Before anything is counted, s … */
  readonly warmSeconds: number
  /** … and how often then. */
  readonly warmHz: number
  readonly other: Target
  /** What both instances share. */
  readonly redisPid: number
}

/** At the pace that is measured, before anything is counted. */
const SETTLE_MS = 1_000
const GRACE_MS = 5_000

/** Who sends, and how a receiver learns what was sent. */
interface Source {
  readonly senders: number
  next(sender: number): Uint8Array
  read(
    kind: string,
    frame: Uint8Array,
    from: number,
    to: number,
    seen: (sender: number, state: number) => void,
  ): void
  verified(room: string, isCurrent: boolean): Promise<string>
}

export async function runInstances(target: Target, job: InstancesJob): Promise<Measured> {
  const { each, hz, seconds, warmSeconds, warmHz, other, redisPid, what } = job
  const source = what === 'typing' ? typing(target, job) : moving(2 * each)
  const { senders } = source
  // the writer reads nothing: its readers are `each` at its own instance and `each` at the other
  const first = what === 'typing' ? each + 1 : each
  const count = first + each
  const near = new Cover(senders, count)
  const far = new Cover(senders, count)
  const isAtOther = (client: number): boolean => client >= first
  const coverOf = (client: number, sender: number): Cover =>
    isAtOther(client) === isAtOther(sender) ? near : far
  const room = freshRoom('instances')
  const clients = Array.from({ length: count }, (_none, i) => {
    return new Client(isAtOther(i) ? other : target, {
      room,
      onMessage(kind, frame, from, to) {
        source.read(kind, frame, from, to, (sender, state) => {
          if (sender !== i) coverOf(i, sender).seen(i, sender, state)
        })
      },
    })
  })
  const states = Array.from({ length: senders }, () => 0)
  const next = (i: number): Uint8Array => {
    const state = (states[i] ?? 0) + 1
    states[i] = state
    near.sent(i, state)
    far.sent(i, state)
    return source.next(i)
  }
  const owes = (cover: Cover) => (receiver: number, sender: number) =>
    receiver !== sender && coverOf(receiver, sender) === cover
  const isCurrent = (): boolean =>
    clients.every((_client, i) =>
      states.every((state, sender) => sender === i || coverOf(i, sender).last(i, sender) >= state),
    )
  await openAll(clients, () => [])
  for (let i = 0; i < senders; i += 1) clients[i]?.send(next(i))
  await until(isCurrent, GRACE_MS)

  const send = (i: number): void => clients[i]?.send(next(i))
  const warming = new Pacer(senders, warmHz, send)
  await sleep(warmSeconds * 1_000)
  warming.stop()
  const pacer = new Pacer(senders, hz, send)
  await sleep(SETTLE_MS)
  const window = new Window(target, clients, [other.pid, redisPid])
  const before = sum(states)
  near.begin()
  far.begin()
  await sleep(seconds * 1_000)
  near.end()
  far.end()
  const seen = window.end()
  const sent = sum(states) - before
  pacer.stop()
  await until(isCurrent, GRACE_MS)
  const isDone = isCurrent()
  const ends = [near, far].map((cover) => cover.close(owes(cover)))
  const missing = sum(ends.map((end) => end.missing))
  const verified = await source.verified(room, isDone)
  for (const client of clients) client.close()
  return {
    costMicros: seen.cpuMicros / sent,
    cpu: seen.cpu,
    p50Ms: far.latency.percentile(0.5),
    p99Ms: far.latency.percentile(0.99),
    covered: 1 - missing / sum(ends.map((end) => end.obligations)),
    lost: missing,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: (seen.bytesIn / clients.length / seen.ms) * 1_000,
    verified,
    own: seen.own,
    extra: { nearP50Ms: near.latency.percentile(0.5), nearP99Ms: near.latency.percentile(0.99) },
  }
}

function typing(target: Target, { hz, seconds, warmSeconds, warmHz, other }: InstancesJob): Source {
  const typist = new Typist(0)
  typist.prepare(Math.ceil((hz * (seconds + SETTLE_MS / 1_000) + warmHz * warmSeconds) * 1.5) + 2)
  let state = 0
  const kept: Uint8Array[] = []
  return {
    senders: 1,
    next() {
      state += 1
      return typist.message(state)
    },
    read(kind, frame, from, to, seen) {
      if (kind !== 'update' && kind !== 'step2') return
      kept.push(copyOf(frame, from, to))
      eachWriter(frame, from, to, (clientId, clock) => {
        if (clientId === typist.clientId) seen(0, clock)
      })
    },
    async verified(room) {
      const expected = new Y.Doc()
      for (const update of typist.updates.slice(0, state)) Y.applyUpdate(expected, update)
      const first = await verify(target, room, expected, kept)
      return first === 'ok' ? verify(other, room, expected, undefined) : first
    },
  }
}

function moving(count: number): Source {
  const persons = Array.from({ length: count }, (_none, i) => new Person(i))
  const indexOf = new Map(persons.map((person, i) => [person.clientId, i]))
  return {
    senders: count,
    next(i) {
      const person = persons[i]
      if (person === undefined) throw new Error('nobody there')
      return encodeAwareness(person.next())
    },
    read(kind, frame, from, _to, seen) {
      if (kind !== 'awareness') return
      eachEntry(frame, from, (clientId, clock) => {
        const sender = indexOf.get(clientId)
        if (sender !== undefined) seen(sender, clock)
      })
    },
    verified: (_room, isCurrent) => Promise.resolve(isCurrent ? 'ok' : 'last states missing'),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
