import { encodeAwareness } from '@roomful/shared'
import * as Y from 'yjs'
import { Client, openAll, type Target } from '../client.ts'
import { Cover } from '../cover.ts'
import { freshRoom } from '../fresh-room.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep, until } from '../pacer.ts'
import { eachEntry, Person } from '../presence.ts'
import { scrape } from '../scrape.ts'
import { eachWriter, Typist } from '../typing.ts'
import { Window } from '../window.ts'
import { verify } from './edits.ts'

/** Very many small updates in one room, while two people elsewhere notice how late the server is. */
export interface FloodJob {
  readonly kind: 'flood'
  readonly updates: number
  readonly writers: number
}

const PROBE_HZ = 100
const FLOOD_MS = 120_000
/** Time to compact what is left. */
const SETTLE_MS = 3_000
/** Written at once by each writer: below what a server slows a sender for. */
const PIECE = 200

export async function runFlood(target: Target, job: FloodJob): Promise<Measured> {
  const { updates, writers } = job
  const each = Math.ceil(updates / writers)
  const typists = Array.from({ length: writers }, (_none, i) => new Typist(i))
  for (const typist of typists) typist.prepare(each)
  const indexOf = new Map(typists.map((typist, i) => [typist.clientId, i]))
  const room = freshRoom('flood')
  const typed = new Cover(writers, 1)
  const reader = new Client(target, {
    room,
    onMessage(kind, frame, from, to) {
      if (kind === 'update' || kind === 'step2')
        eachWriter(frame, from, to, (clientId, clock) => {
          const writer = indexOf.get(clientId)
          if (writer !== undefined) typed.seen(0, writer, clock)
        })
    },
  })
  const clients = typists.map(() => new Client(target, { room }))

  const probes = [new Person(0), new Person(1)] as const
  const late = new Cover(1, 1)
  const elsewhere = freshRoom('flood-probe')
  const hearer = new Client(target, {
    room: elsewhere,
    onMessage(kind, frame, from) {
      if (kind !== 'awareness') return
      eachEntry(frame, from, (clientId, clock) => {
        if (clientId === probes[0].clientId) late.seen(0, 0, clock)
      })
    },
  })
  const speaker = new Client(target, { room: elsewhere })
  await openAll([reader, ...clients], () => [])
  await openAll([hearer, speaker], (i) => [encodeAwareness((i === 0 ? probes[1] : probes[0]).next())])
  late.sent(0, 1)
  const pacer = new Pacer(1, PROBE_HZ, () => {
    const update = probes[0].next()
    late.sent(0, probes[0].clock)
    speaker.send(encodeAwareness(update))
  })
  await sleep(500)
  const window = new Window(target, [reader])
  late.begin()
  typed.begin()
  for (let from = 0; from < each; from += PIECE) {
    for (const [i, client] of clients.entries()) {
      const frames: Buffer[] = []
      for (let state = from + 1; state <= Math.min(each, from + PIECE); state += 1) {
        typed.sent(i, state)
        const message = typists[i]?.message(state)
        if (message !== undefined) frames.push(client.frame(message))
      }
      client.write(Buffer.concat(frames))
    }
    // the reader must keep up: what is measured is the server, not its queue
    await until(() => typed.coveredSinceBegin > (from - 4 * PIECE) * writers, FLOOD_MS)
  }
  const isThere = await until(() => typed.isCurrent(0, undefined), FLOOD_MS)
  typed.end()
  const floodMs = typed.latency.percentile(1)
  await sleep(SETTLE_MS)
  late.end()
  const seen = window.end()
  pacer.stop()
  await sleep(200)
  const { obligations, missing } = late.close(() => true)
  typed.close(() => true)
  const expected = new Y.Doc()
  for (const typist of typists) Y.applyUpdate(expected, typist.document())
  const verified = isThere ? await verify(target, room, expected, undefined) : 'updates are missing'
  const compactions = await scrape(target, 'roomful_storage_events_total{what="compacted"}')
  for (const client of [reader, hearer, speaker, ...clients]) client.close()
  return {
    costMicros: seen.cpuMicros / (each * writers),
    cpu: seen.cpu,
    p50Ms: late.latency.percentile(0.5),
    p99Ms: late.latency.percentile(0.99),
    covered: 1 - missing / obligations,
    lost: missing,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: Number.NaN,
    verified,
    own: seen.own,
    extra: { floodMs, compactions },
  }
}
