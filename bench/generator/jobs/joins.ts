import { encodeUpdate } from '@roomful/shared'
import * as Y from 'yjs'
import { Client, type Target } from '../client.ts'
import { copyOf } from '../copy-of.ts'
import { freshRoom } from '../fresh-room.ts'
import { Histogram } from '../histogram.ts'
import { largeDocument } from '../large-document.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep } from '../pacer.ts'
import { memory, quiet } from '../process-probe.ts'
import { Typist } from '../typing.ts'
import { Window } from '../window.ts'

/** Newcomers to a large document. */
export interface JoinsJob {
  readonly kind: 'joins'
  /** Of the document, 1.9 MB each. */
  readonly parts: number
  readonly edits?: number
  readonly joiners: number
  readonly atOnce: boolean
  /** While somebody types. */
  readonly isDirty: boolean
}

const TYPING_HZ = 20
/** What a server does with the document behind the scenes is no part of a join. */
const SETTLE_MS = 30_000
const LOAD_MS = 120_000
/** The documents of others than the first and the last are summed, not held. */
const HELD_BYTES = 65_536

export async function runJoins(target: Target, job: JoinsJob): Promise<Measured> {
  const { parts, joiners, atOnce, isDirty } = job
  const document = largeDocument(parts, job.edits)
  const bytes = document.reduce((sum, part) => sum + part.length, 0)
  const room = freshRoom('joins')
  const author = await load(target, room, document, bytes)
  await quiet(target.pid, SETTLE_MS)

  const typist = new Typist(0)
  if (isDirty) typist.prepare(TYPING_HZ * 60)
  let typed = 0
  const pacer = isDirty ? new Pacer(1, TYPING_HZ, () => author.send(typist.message(++typed))) : undefined
  const latency = new Histogram()
  const held = new Map<number, Uint8Array[]>()
  const sums = new Set<string>()
  const clients = Array.from({ length: joiners }, (_none, i) => {
    const isHeld = i === 0 || i === joiners - 1
    if (isHeld) held.set(i, [])
    return new Client(target, {
      room,
      assembleBytes: isHeld ? 256 * 1024 * 1024 : HELD_BYTES,
      onMessage(kind, frame, from, to) {
        if (isHeld && (kind === 'step2' || kind === 'update')) held.get(i)?.push(copyOf(frame, from, to))
      },
      onSkipped: (length, checksum) => sums.add(`${length}:${checksum}`),
    })
  })
  const before = memory(target.pid).rss
  const window = new Window(target, clients)
  const join = async (client: Client): Promise<void> => {
    const startedAt = performance.now()
    await client.open()
    await client.synced()
    latency.add(performance.now() - startedAt)
  }
  if (atOnce) await Promise.all(clients.map(join))
  else for (const client of clients) await join(client)
  const seen = window.end()
  pacer?.stop()
  for (const client of [...clients, author]) client.close()
  const whole = vectorOf(document)
  const isWhole = [...held.values()].every((updates) => holds(updates, whole))
  // without edits in between all the others got the same bytes
  const isSame = isDirty || sums.size <= 1
  return {
    costMicros: seen.cpuMicros / joiners,
    cpu: seen.cpu,
    p50Ms: latency.percentile(0.5),
    p99Ms: latency.percentile(0.99),
    covered: clients.filter((client) => client.syncedAt !== undefined).length / joiners,
    lost: clients.filter((client) => client.syncedAt === undefined).length,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: Number.NaN,
    verified: isWhole ? (isSame ? 'ok' : 'joiners got different documents') : 'a joiner got only a part',
    own: seen.own,
    extra: { wallMs: seen.ms, extraBytes: seen.peakBytes - before, documentBytes: bytes },
  }
}

/** Writes the document and waits until a newcomer is given all of it. */
async function load(
  target: Target,
  room: string,
  document: readonly Uint8Array[],
  bytes: number,
): Promise<Client> {
  const author = new Client(target, { room })
  await author.open()
  await author.synced()
  for (const part of document) author.send(encodeUpdate(part))
  const end = performance.now() + LOAD_MS
  while (performance.now() < end) {
    let length = 0
    const probe = new Client(target, {
      room,
      assembleBytes: HELD_BYTES,
      onMessage: (_kind, frame) => (length = Math.max(length, frame.length)),
      onSkipped: (skipped) => (length = skipped),
    })
    await probe.open()
    await probe.synced()
    probe.close()
    if (length > bytes * 0.95) return author
    await sleep(100)
  }
  throw new Error(`the document was not loaded after ${LOAD_MS} ms`)
}

function vectorOf(document: readonly Uint8Array[]): Map<number, number> {
  const clocks = new Map<number, number>()
  for (const part of document)
    for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVectorFromUpdate(part)))
      clocks.set(client, clock)
  return clocks
}

function holds(updates: readonly Uint8Array[], whole: ReadonlyMap<number, number>): boolean {
  const clocks = new Map<number, number>()
  for (const update of updates)
    for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVectorFromUpdate(update)))
      clocks.set(client, Math.max(clock, clocks.get(client) ?? 0))
  return [...whole].every(([client, clock]) => (clocks.get(client) ?? 0) >= clock)
}
