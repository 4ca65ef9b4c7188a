import { encodeAwareness } from '@roomful/shared'
import { Client, openAll, type Target } from '../client.ts'
import { Cover } from '../cover.ts'
import { freshRoom } from '../fresh-room.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep, until } from '../pacer.ts'
import { eachEntry, Person } from '../presence.ts'
import { memory, quiet } from '../process-probe.ts'
import { Window } from '../window.ts'

/** Everybody moves near a place of their own, in a room with too many people to tell each of all. */
export interface OverloadJob {
  readonly kind: 'overload'
  readonly people: number
  readonly hz: number
  readonly seconds: number
  /** Width and height of what each sees, around their place, 0..1; 0: nobody says what they see. */
  readonly view: number
}

/** The server has found out how many there are by then. */
const WARM_MS = 3_000
const SETTLE_MS = 5_000
/** What is not there by then never comes. */
const GRACE_MS = 10_000
/** So far from their place people move, of the board's width and height. */
const REACH = 0.02
/** Receivers whose messages are read, evenly chosen: the generator has one core as well. */
const READERS = 16

export async function runOverload(target: Target, job: OverloadJob): Promise<Measured> {
  const { people: count, hz, seconds, view } = job
  const places = Array.from({ length: count }, (_none, i) => placeOf(i))
  const persons = places.map((place, i) => new Person(i, view === 0 ? undefined : viewAt(place, view)))
  const indexOf = new Map(persons.map((person, i) => [person.clientId, i]))
  const step = Math.max(1, Math.floor(count / READERS))
  const readers = Math.ceil(count / step)
  /** One for those who see each other all the time, one for the others. */
  const covers = { near: new Cover(count, readers), far: new Cover(count, readers) }
  const isNear = (reader: number, sender: number): boolean =>
    isInView(places[reader * step], places[sender], view)
  const nearness = Array.from({ length: readers * count }, (_none, i) =>
    isNear(Math.floor(i / count), i % count),
  )
  const news = new Uint32Array(readers * count)

  const room = freshRoom('overload')
  const clients = persons.map(
    (_person, i) =>
      new Client(target, {
        room,
        onMessage(kind, frame, from) {
          if (kind !== 'awareness' || i % step !== 0) return
          const reader = i / step
          eachEntry(frame, from, (clientId, clock) => {
            const sender = indexOf.get(clientId)
            if (sender === undefined || sender === i) return
            const place = reader * count + sender
            const cover = nearness[place] === true ? covers.near : covers.far
            if (cover.seen(reader, sender, clock)) news[place] = (news[place] ?? 0) + 1
          })
        },
      }),
  )
  const say = (i: number): Uint8Array => {
    const person = persons[i]
    const place = places[i]
    if (person === undefined || place === undefined) throw new Error('nobody there')
    const update = person.next(around(place, person.clock))
    covers.near.sent(i, person.clock)
    covers.far.sent(i, person.clock)
    return encodeAwareness(update)
  }
  await openAll(clients, (i) => [say(i)])
  await quiet(target.pid, SETTLE_MS)
  const idleBytes = memory(target.pid).rss

  const pacer = new Pacer(count, hz, (i) => clients[i]?.send(say(i)))
  await sleep(WARM_MS)
  const window = new Window(target, clients)
  for (const cover of [covers.near, covers.far]) cover.begin()
  news.fill(0)
  await sleep(seconds * 1_000)
  for (const cover of [covers.near, covers.far]) cover.end()
  const counts = news.slice()
  const seen = window.end()
  pacer.stop()

  const stoppedAt = performance.now()
  const all = Array.from({ length: readers }, (_none, reader) => reader)
  const isCurrent = (): boolean =>
    all.every((reader) =>
      persons.every(({ clock }, sender) => {
        const cover = nearness[reader * count + sender] === true ? covers.near : covers.far
        return sender === reader * step || cover.last(reader, sender) === clock
      }),
    )
  const hasRecovered = await until(isCurrent, GRACE_MS)
  const recoveryMs = performance.now() - stoppedAt
  const isOther = (reader: number, sender: number): boolean => reader * step !== sender
  const near = covers.near.close((r, s) => isOther(r, s) && nearness[r * count + s] === true)
  const far = covers.far.close((r, s) => isOther(r, s) && nearness[r * count + s] !== true)
  const closed = clients.filter((client) => client.closedWith !== undefined).length
  for (const client of clients) client.close()

  const rates: { readonly near: number[]; readonly all: number[] } = { near: [], all: [] }
  let told = 0
  counts.forEach((states, place) => {
    if (!isOther(Math.floor(place / count), place % count)) return
    told += states
    rates.all.push(states / seconds)
    if (nearness[place] === true) rates.near.push(states / seconds)
  })
  const missing = near.missing + far.missing
  return {
    costMicros: seen.cpuMicros / (told * (count / readers)),
    cpu: seen.cpu,
    p50Ms: covers.near.latency.percentile(0.5),
    p99Ms: covers.near.latency.percentile(0.99),
    covered: 1 - missing / (near.obligations + far.obligations),
    lost: missing,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: (seen.bytesIn / count / seen.ms) * 1_000,
    verified: closed > 0 ? `${closed} were closed` : hasRecovered ? 'ok' : 'last states missing',
    own: seen.own,
    extra: {
      nearHz: percentile(rates.near, 0.5),
      nearWorstHz: percentile(rates.near, 0.01),
      allWorstHz: percentile(rates.all, 0.01),
      farP99Ms: far.obligations === 0 ? Number.NaN : covers.far.latency.percentile(0.99),
      idleRatio: seen.peakBytes / idleBytes,
      recoveryMs,
      framesPerClientSecond: (seen.framesIn / count / seen.ms) * 1_000,
    },
  }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Evenly over the board, whatever the number (the plastic number's powers). */
function placeOf(index: number): Point {
  return { x: (index * 0.754_877_666) % 1, y: (index * 0.569_840_291) % 1 }
}

function around({ x, y }: Point, clock: number): Point {
  const move = (at: number, n: number): number => clamp(at + (((n % 89) + 0.5) / 89 - 0.5) * 2 * REACH)
  return { x: move(x, clock * 37), y: move(y, clock * 53) }
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN
}

/** Four digits and no 0 at the end: what a server parses and writes again has the same bytes. */
function clamp(unit: number): number {
  return Math.min(0.9998, Math.max(0.0001, Math.floor(unit * 1_000) / 1_000 + 0.0003))
}

function viewAt({ x, y }: Point, size: number): string {
  return `{"x":${(x - size / 2).toFixed(4)},"y":${(y - size / 2).toFixed(4)},"width":${size.toFixed(4)},"height":${size.toFixed(4)}}`
}

/** Whether the one sees all of the other's moves. */
function isInView(reader: Point | undefined, sender: Point | undefined, view: number): boolean {
  if (reader === undefined || sender === undefined) return false
  const most = view / 2 - REACH - 0.001
  return view === 0 || (Math.abs(reader.x - sender.x) <= most && Math.abs(reader.y - sender.y) <= most)
}
