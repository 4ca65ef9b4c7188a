import { encodeUpdate } from '@roomful/shared'
import { Client, openAll, type Target } from '../client.ts'
import { Cover } from '../cover.ts'
import { freshRoom } from '../fresh-room.ts'
import { Keystrokes } from '../keystrokes.ts'
import { largeDocument } from '../large-document.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep, until } from '../pacer.ts'
import { eachWriter } from '../typing.ts'
import { cpuMicros } from '../process-probe.ts'
import { Window } from '../window.ts'

/** The same messages among more and more that has nothing to do with them. */
export interface GrowthJob {
  readonly kind: 'growth'
  /** Rooms with one idle person each. */
  readonly rooms: number
  /** Of 1.9 MB in the document that is typed into. */
  readonly parts: number
  /** Entries in the log of that room before. */
  readonly entries: number
  readonly seconds: number
}

const WRITERS = 5
const HZ = 60
const GRACE_MS = 10_000
const LOAD_MS = 120_000
const PIECE = 500
/** Compactions of what was just loaded are over: two seconds in a row below this part of a core, or so long. */
const CALM_CPU = 0.2
const CALM_MS = 90_000

export async function runGrowth(target: Target, job: GrowthJob): Promise<Measured> {
  const { rooms, parts, entries, seconds } = job
  const others = Array.from({ length: rooms }, () => new Client(target, { room: freshRoom('other') }))
  await openAll(others, () => [])
  const room = freshRoom('growth')
  const typists = Array.from({ length: WRITERS }, (_none, i) => new Keystrokes(i))
  const before = Math.ceil(entries / WRITERS)
  const indexOf = new Map(typists.map((typist, i) => [typist.clientId, i]))
  const cover = new Cover(WRITERS, WRITERS)
  const clients = typists.map(
    (_typist, i) =>
      new Client(target, {
        room,
        onMessage(kind, frame, from, to) {
          if (kind !== 'update' && kind !== 'step2') return
          eachWriter(frame, from, to, (clientId, clock) => {
            const writer = indexOf.get(clientId)
            if (writer !== undefined && writer !== i) cover.seen(i, writer, clock)
          })
        },
      }),
  )
  await openAll(clients, () => [])
  for (const part of largeDocument(parts)) clients[0]?.send(encodeUpdate(part))
  const sent = typists.map(() => 0)
  const next = (i: number): Buffer => {
    const state = (sent[i] ?? 0) + 1
    sent[i] = state
    cover.sent(i, state)
    return clients[i]?.frame(typists[i]?.message(state) ?? new Uint8Array(0)) ?? Buffer.alloc(0)
  }
  const isCurrent = (): boolean => clients.every((_client, i) => cover.isCurrent(i, i))
  for (let from = 0; from < before; from += PIECE) {
    for (const [i, client] of clients.entries())
      client.write(Buffer.concat(Array.from({ length: Math.min(PIECE, before - from) }, () => next(i))))
    await until(isCurrent, LOAD_MS)
  }
  await calm(target.pid)
  // what goes on anyway is not what a message costs
  const quiet = new Window(target, clients)
  await sleep(seconds * 1_000)
  const background = quiet.end()
  const pacer = new Pacer(WRITERS, HZ, (i) => clients[i]?.write(next(i)))
  await sleep(500)
  const window = new Window(target, clients)
  cover.begin()
  await sleep(seconds * 1_000)
  cover.end()
  const seen = window.end()
  const covered = cover.coveredSinceBegin
  pacer.stop()
  const isWhole = await until(isCurrent, GRACE_MS)
  const { obligations, missing } = cover.close((receiver, sender) => receiver !== sender)
  for (const client of [...others, ...clients]) client.close()
  const cpu = Math.max(0, seen.cpuMicros - (background.cpuMicros / background.ms) * seen.ms)
  return {
    // messages, not deliveries: each has the same receivers
    costMicros: cpu / (covered / (WRITERS - 1)),
    cpu: seen.cpu,
    p50Ms: cover.latency.percentile(0.5),
    p99Ms: cover.latency.percentile(0.99),
    covered: 1 - missing / obligations,
    lost: missing,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: (seen.bytesIn / WRITERS / seen.ms) * 1_000,
    verified: isWhole ? 'ok' : 'updates are missing',
    own: seen.own,
    extra: { backgroundCpu: background.cpu * 100 },
  }
}

async function calm(pid: number): Promise<void> {
  const deadline = performance.now() + CALM_MS
  for (let calmSeconds = 0; calmSeconds < 2 && performance.now() < deadline;) {
    const before = cpuMicros(pid)
    await sleep(1_000)
    calmSeconds = (cpuMicros(pid) - before) / 1_000_000 < CALM_CPU ? calmSeconds + 1 : 0
  }
}
