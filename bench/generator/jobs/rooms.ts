import { encodeAwareness } from '@roomful/shared'
import * as Y from 'yjs'
import { Client, openAll, type Target } from '../client.ts'
import { Cover } from '../cover.ts'
import { freshRoom } from '../fresh-room.ts'
import { Histogram } from '../histogram.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep, until } from '../pacer.ts'
import { eachEntry, Person } from '../presence.ts'
import { eachWriter, Typist } from '../typing.ts'
import { Window } from '../window.ts'
import { verify } from './edits.ts'

/** Many small rooms: everybody moves and types a little. */
export interface RoomsJob {
  readonly kind: 'rooms'
  readonly rooms: number
  readonly perRoom: number
  readonly movesHz: number
  readonly editsHz: number
  readonly seconds: number
}

const WARM_MS = 1_000
const GRACE_MS = 5_000
/** Rooms whose documents are compared afterwards. */
const VERIFIED_ROOMS = 3

interface Place {
  readonly room: string
  readonly moves: Cover
  readonly edits: Cover
  readonly persons: readonly Person[]
  readonly typists: readonly Typist[]
  readonly typed: number[]
}

export async function runRooms(target: Target, job: RoomsJob): Promise<Measured> {
  const { rooms, perRoom, movesHz, editsHz, seconds } = job
  const latency = new Histogram()
  const people = rooms * perRoom
  const places = Array.from({ length: rooms }, (_none, room): Place => {
    const persons = Array.from({ length: perRoom }, (_nobody, i) => new Person(room * perRoom + i))
    const typists = persons.map((_person, i) => new Typist(room * perRoom + i))
    for (const typist of typists) typist.prepare(Math.ceil(editsHz * (seconds + 2) * 2) + 2)
    return {
      room: freshRoom('rooms'),
      moves: new Cover(perRoom, perRoom, latency),
      edits: new Cover(perRoom, perRoom, latency),
      persons,
      typists,
      typed: persons.map(() => 0),
    }
  })
  const clients = Array.from({ length: people }, (_none, n) => {
    const place = placeOf(places, n, perRoom)
    const i = n % perRoom
    return new Client(target, {
      room: place.room,
      onMessage(kind, frame, from, to) {
        if (kind === 'awareness')
          eachEntry(frame, from, (clientId, clock) => {
            const sender = place.persons.findIndex((person) => person.clientId === clientId)
            if (sender >= 0 && sender !== i) place.moves.seen(i, sender, clock)
          })
        else if (kind === 'update' || kind === 'step2')
          eachWriter(frame, from, to, (clientId, clock) => {
            const sender = place.typists.findIndex((typist) => typist.clientId === clientId)
            if (sender >= 0 && sender !== i) place.edits.seen(i, sender, clock)
          })
      },
    })
  })
  const move = (n: number): Uint8Array => {
    const place = placeOf(places, n, perRoom)
    const person = place.persons[n % perRoom]
    const update = person?.next() ?? new Uint8Array(0)
    place.moves.sent(n % perRoom, person?.clock ?? 0)
    return encodeAwareness(update)
  }
  const type = (n: number): void => {
    const place = placeOf(places, n, perRoom)
    const i = n % perRoom
    const state = (place.typed[i] ?? 0) + 1
    place.typed[i] = state
    place.edits.sent(i, state)
    clients[n]?.send(place.typists[i]?.message(state) ?? new Uint8Array(0))
  }
  await openAll(clients, (n) => [move(n)])
  const pacers = [
    new Pacer(people, movesHz, (n) => clients[n]?.send(move(n))),
    new Pacer(people, editsHz, type),
  ]
  await sleep(Math.min(WARM_MS, seconds * 1_000))
  const covers = places.flatMap(({ moves, edits }) => [moves, edits])
  const window = new Window(target, clients)
  for (const cover of covers) cover.begin()
  await sleep(seconds * 1_000)
  for (const cover of covers) cover.end()
  const seen = window.end()
  const covered = covers.reduce((sum, cover) => sum + cover.coveredSinceBegin, 0)
  for (const pacer of pacers) pacer.stop()
  const isCurrent = (): boolean =>
    covers.every((cover) =>
      Array.from({ length: perRoom }, (_none, i) => i).every((i) => cover.isCurrent(i, i)),
    )
  await until(isCurrent, GRACE_MS)
  const closed = covers.map((cover) => cover.close((receiver, sender) => receiver !== sender))
  const obligations = closed.reduce((sum, one) => sum + one.obligations, 0)
  const missing = closed.reduce((sum, one) => sum + one.missing, 0)
  let verified = isCurrent() ? 'ok' : 'last states missing'
  for (const place of places.slice(0, VERIFIED_ROOMS)) {
    if (verified !== 'ok' || target.dialect === 'opaque') break
    const expected = new Y.Doc()
    for (const [i, typist] of place.typists.entries())
      for (const update of typist.updates.slice(0, place.typed[i])) Y.applyUpdate(expected, update)
    verified = await verify(target, place.room, expected, undefined)
  }
  for (const client of clients) client.close()
  return {
    costMicros: seen.cpuMicros / covered,
    cpu: seen.cpu,
    p50Ms: latency.percentile(0.5),
    p99Ms: latency.percentile(0.99),
    covered: 1 - missing / obligations,
    lost: missing,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: (seen.bytesIn / people / seen.ms) * 1_000,
    verified,
    own: seen.own,
    extra: {},
  }
}

function placeOf(places: readonly Place[], n: number, perRoom: number): Place {
  const place = places[Math.floor(n / perRoom)]
  if (place === undefined) throw new Error(`no room for person ${n}`)
  return place
}
