import { encodeUpdate } from '@roomful/shared'
import * as Y from 'yjs'
import { Client, openAll, type Target } from '../client.ts'
import { copyOf } from '../copy-of.ts'
import { Cover } from '../cover.ts'
import { freshRoom } from '../fresh-room.ts'
import type { Measured } from '../measured.ts'
import { Pacer, until } from '../pacer.ts'
import { memory } from '../process-probe.ts'
import { eachWriter } from '../typing.ts'
import { Window } from '../window.ts'

/** Much is written past a client that reads, and as much once it has stopped; then it reads again. */
export interface SlowReaderJob {
  readonly kind: 'slow-reader'
  readonly readers: number
  /** Past the one that does not read. */
  readonly megabytes: number
  readonly megabytesPerSecond: number
}

const VALUE_BYTES = 20_000
const MB = 1_000_000
const GRACE_MS = 10_000
const SAMPLE_MS = 20
const KEY = 'value'

export async function runSlowReader(target: Target, job: SlowReaderJob): Promise<Measured> {
  const { readers, megabytes, megabytesPerSecond } = job
  const room = freshRoom('slow')
  const writer = new Y.Doc()
  writer.clientID = 0x5000_0001
  const updates: Uint8Array[] = []
  writer.on('update', (update: Uint8Array) => updates.push(update))
  // one key, written again and again: the document stays small, the traffic does not
  const write = (n: number): void => void writer.getMap('state').set(KEY, `${n}:${'x'.repeat(VALUE_BYTES)}`)
  const cover = new Cover(1, readers)
  const docs = [new Y.Doc(), new Y.Doc()] as const
  const clients = Array.from(
    { length: readers },
    (_none, i) =>
      new Client(target, {
        room,
        onMessage(kind, frame, from, to) {
          if (kind !== 'update' && kind !== 'step2') return
          if (i === 0) Y.applyUpdate(docs[0], copyOf(frame, from, to))
          eachWriter(frame, from, to, (clientId, clock) => {
            if (clientId === writer.clientID) cover.seen(i, 0, clock)
          })
        },
      }),
  )
  const slow = new Client(target, {
    room,
    onMessage(kind, frame, from, to) {
      if (kind === 'update' || kind === 'step2') Y.applyUpdate(docs[1], copyOf(frame, from, to))
    },
  })
  const author = new Client(target, { room })
  await openAll([author, slow, ...clients], () => [])
  let sent = 0
  const say = (): void => {
    sent += 1
    write(sent)
    const update = updates.pop()
    if (update === undefined) return
    cover.sent(0, sent)
    author.send(encodeUpdate(update))
  }
  const count = Math.ceil((megabytes * MB) / VALUE_BYTES)
  const hz = (megabytesPerSecond * MB) / VALUE_BYTES
  /** Writes it all. @returns the memory the server took meanwhile, bytes: typically and at most. */
  const pass = async (): Promise<{ readonly typical: number; readonly peak: number }> => {
    const samples: number[] = []
    const sampler = setInterval(() => samples.push(memory(target.pid).rss), SAMPLE_MS)
    const end = sent + count
    const pacer = new Pacer(1, hz, () => {
      if (sent < end) say()
    })
    await until(() => sent >= end, (count / hz) * 3_000)
    pacer.stop()
    clearInterval(sampler)
    samples.sort((a, b) => a - b)
    return { typical: samples[samples.length >> 1] ?? 0, peak: samples.at(-1) ?? 0 }
  }
  const settle = (): Promise<unknown> =>
    until(() => clients.every((_client, i) => cover.isCurrent(i, undefined)), GRACE_MS)
  // a young process finds its size first: its heap, the compaction thread, LevelDB's buffers
  await pass()
  // the same with everybody reading: what the process needs for the traffic itself
  const reading = await pass()
  await settle()
  slow.pause()
  const window = new Window(target, clients)
  cover.begin()
  const stopped = await pass()
  cover.end()
  const seen = window.end()
  await settle()
  const { obligations, missing } = cover.close(() => true)
  slow.resume()
  const expected = writer.getMap('state').get(KEY)
  const isSame = (doc: Y.Doc): boolean => doc.getMap('state').get(KEY) === expected
  await until(() => isSame(docs[1]) || slow.closedWith !== undefined || !slow.isOpen, GRACE_MS)
  const caughtUp = isSame(docs[1])
  for (const client of [author, slow, ...clients]) client.close()
  return {
    costMicros: seen.cpuMicros / (count * readers),
    cpu: seen.cpu,
    p50Ms: cover.latency.percentile(0.5),
    p99Ms: cover.latency.percentile(0.99),
    covered: 1 - missing / obligations,
    lost: missing,
    rssBytes: stopped.peak,
    bytesPerClientSecond: (seen.bytesIn / readers / seen.ms) * 1_000,
    verified: !isSame(docs[0])
      ? 'a reader has another document'
      : caughtUp
        ? 'ok'
        : slow.closedWith === undefined
          ? 'the slow one was cut off'
          : `the slow one was closed with ${slow.closedWith}`,
    own: seen.own,
    extra: {
      growthBytes: stopped.typical - reading.typical,
      peakGrowthBytes: stopped.peak - reading.peak,
    },
  }
}
