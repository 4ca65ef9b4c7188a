import { encodeAwareness, fillTemplate, templateOf, unpackNumbers } from '@roomful/shared'
import { Client, openAll, type Target } from '../client.ts'
import { Cover } from '../cover.ts'
import { freshRoom } from '../fresh-room.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep, until } from '../pacer.ts'
import { eachEntry, Person } from '../presence.ts'
import { Window } from '../window.ts'

/** Everybody moves, everybody sees everybody. */
export interface CursorsJob {
  readonly kind: 'cursors'
  readonly people: number
  readonly hz: number
  readonly seconds: number
  /** Send every remote change back, as stock y-websocket clients do. */
  readonly echo: boolean
  /** Ask for version 2 of Roomful's wire, as its own provider does: who only moved is told by numbers. */
  readonly takesMoved?: boolean
}

/** At most; a short measurement is not worth a long start. */
const WARM_MS = 1_000
/** What is not there by then never comes. */
const GRACE_MS = 3_000
/** Entries a second that the generator reads; in larger rooms it reads those of some receivers, evenly chosen. */
const READ_ENTRIES_PER_SECOND = 500_000
const LEAST_READERS = 24

export async function runCursors(target: Target, job: CursorsJob): Promise<Measured> {
  const { people: count, hz, seconds, echo, takesMoved = false } = job
  const persons = Array.from({ length: count }, (_none, i) => new Person(i))
  const indexOf = new Map(persons.map((person, i) => [person.clientId, i]))
  const step = echo ? 1 : Math.max(1, Math.floor(count / readersFor(count, hz)))
  const cover = new Cover(count, Math.ceil(count / step))
  /** What the first receiver saw last of each: compared with what was sent. */
  const lastSeen: LastSeen[] = []

  const room = freshRoom('cursors')
  const clients = persons.map((_person, i) => {
    const client: Client = new Client(target, {
      room,
      ...(takesMoved && { query: '?v=2' }),
      onMessage(kind, frame, from, to) {
        if ((kind !== 'awareness' && kind !== 'moved') || i % step !== 0) return
        let isNews = false
        eachEntry(frame, from, (clientId, clock, jsonFrom, jsonTo) => {
          const sender = indexOf.get(clientId)
          if (sender === undefined || sender === i) return
          if (!cover.seen(i / step, sender, clock)) return
          isNews = true
          if (i !== 0) return
          if (kind === 'awareness') lastSeen[sender] = { text: latin1(frame, jsonFrom, jsonTo) }
          else
            lastSeen[sender] = {
              text: lastSeen[sender]?.text ?? '',
              numbers: Uint8Array.from(frame.subarray(jsonFrom, jsonTo)),
            }
        })
        if (echo && isNews) client.send(encodeAwareness(frame.subarray(from, to)))
      },
    })
    return client
  })
  const say = (i: number): Uint8Array => {
    const person = persons[i]
    if (person === undefined) throw new Error('nobody there')
    const update = person.next()
    cover.sent(i, person.clock)
    return encodeAwareness(update)
  }
  await openAll(clients, (i) => [say(i)])

  const pacer = new Pacer(count, hz, (i) => clients[i]?.send(say(i)))
  await sleep(Math.min(WARM_MS, seconds * 1_000))
  const window = new Window(target, clients)
  cover.begin()
  await sleep(seconds * 1_000)
  cover.end()
  const seen = window.end()
  const coveredMeanwhile = cover.coveredSinceBegin * (count / Math.ceil(count / step))
  pacer.stop()
  const receivers = Array.from({ length: Math.ceil(count / step) }, (_none, i) => i)
  await until(() => receivers.every((i) => cover.isCurrent(i, i * step)), GRACE_MS)
  const isCurrent = receivers.every((i) => cover.isCurrent(i, i * step))
  const { obligations, missing } = cover.close((receiver, sender) => receiver * step !== sender)
  const isSame = persons.every((person, i) => i === 0 || textOf(lastSeen[i]) === person.json)
  for (const client of clients) client.close()
  return {
    costMicros: seen.cpuMicros / coveredMeanwhile,
    cpu: seen.cpu,
    p50Ms: cover.latency.percentile(0.5),
    p99Ms: cover.latency.percentile(0.99),
    covered: 1 - missing / obligations,
    lost: missing,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: (seen.bytesIn / count / seen.ms) * 1_000,
    verified: !isCurrent ? 'last states missing' : isSame ? 'ok' : 'other states than were sent',
    own: seen.own,
    extra: { framesPerClientSecond: (seen.framesIn / count / seen.ms) * 1_000 },
  }
}

/** The last text in full, and the numbers that came since. */
interface LastSeen {
  readonly text: string
  readonly numbers?: Uint8Array
}

function textOf(seen: LastSeen | undefined): string | undefined {
  if (seen?.numbers === undefined) return seen?.text
  const numbers = unpackNumbers(seen.numbers)
  return numbers === undefined ? undefined : fillTemplate(templateOf(seen.text), numbers)
}

function readersFor(people: number, hz: number): number {
  return Math.min(people, Math.max(LEAST_READERS, Math.floor(READ_ENTRIES_PER_SECOND / (people * hz))))
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}
