import * as Y from 'yjs'
import { Client, openAll, type Target } from '../client.ts'
import { Cover } from '../cover.ts'
import { copyOf } from '../copy-of.ts'
import { freshRoom } from '../fresh-room.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep, until } from '../pacer.ts'
import { eachWriter, TEXT, Typist } from '../typing.ts'
import { Window } from '../window.ts'

/** Some type, everybody reads. */
export interface EditsJob {
  readonly kind: 'edits'
  readonly writers: number
  readonly readers: number
  /** Keystrokes of each writer a second; 0: a burst of `burst` keystrokes each, as fast as the server takes them. */
  readonly hz: number
  readonly seconds: number
  readonly burst: number
}

/** At most; a short measurement is not worth a long start. */
const WARM_MS = 1_000
const GRACE_MS = 5_000
const BURST_MS = 60_000

export async function runEdits(target: Target, job: EditsJob): Promise<Measured> {
  const { writers, readers, hz, seconds, burst } = job
  const typists = Array.from({ length: writers }, (_none, i) => new Typist(i))
  for (const typist of typists)
    typist.prepare(hz === 0 ? burst + 1 : Math.ceil(hz * (seconds + WARM_MS / 1_000) * 1.5) + 2)
  const indexOf = new Map(typists.map((typist, i) => [typist.clientId, i]))
  const states = typists.map(() => 0)
  const cover = new Cover(writers, writers + readers)
  /** All that the last reader got: decoded after the run. */
  const kept: Uint8Array[] = []
  const room = freshRoom('edits')
  const clients = Array.from({ length: writers + readers }, (_none, i) => {
    const isKeeper = i === writers + readers - 1
    return new Client(target, {
      room,
      onMessage(kind, frame, from, to) {
        if (kind !== 'update' && kind !== 'step2') return
        if (isKeeper) kept.push(copyOf(frame, from, to))
        eachWriter(frame, from, to, (clientId, clock) => {
          const writer = indexOf.get(clientId)
          if (writer !== undefined && writer !== i) cover.seen(i, writer, clock)
        })
      },
    })
  })
  const next = (i: number): Uint8Array => {
    const state = (states[i] ?? 0) + 1
    states[i] = state
    cover.sent(i, state)
    return typists[i]?.message(state) ?? new Uint8Array(0)
  }
  const isCurrent = (): boolean =>
    clients.every((_client, i) => cover.isCurrent(i, i < writers ? i : undefined))
  await openAll(clients, () => [])
  // the roots exist before anything is measured
  for (let i = 0; i < writers; i += 1) clients[i]?.send(next(i))
  await until(isCurrent, GRACE_MS)

  const pacer = hz === 0 ? undefined : new Pacer(writers, hz, (i) => clients[i]?.send(next(i)))
  if (pacer !== undefined) await sleep(Math.min(WARM_MS, seconds * 1_000))
  const frames = hz === 0 ? typists.map((typist, i) => burstOf(clients[i], typist, burst)) : []
  const window = new Window(target, clients)
  cover.begin()
  if (pacer === undefined) {
    for (const [i, client] of clients.slice(0, writers).entries()) {
      for (let state = 2; state <= burst + 1; state += 1) cover.sent(i, state)
      states[i] = burst + 1
      client.write(frames[i] ?? new Uint8Array(0))
    }
    await until(isCurrent, BURST_MS)
  } else await sleep(seconds * 1_000)
  cover.end()
  const seen = window.end()
  const coveredMeanwhile = cover.coveredSinceBegin
  pacer?.stop()
  await until(isCurrent, GRACE_MS)
  const { obligations, missing } = cover.close((receiver, sender) => receiver !== sender)

  const expected = new Y.Doc()
  for (const [i, typist] of typists.entries())
    for (const update of typist.updates.slice(0, states[i])) Y.applyUpdate(expected, update)
  const verified = await verify(target, room, expected, kept)
  for (const client of clients) client.close()
  return {
    costMicros: seen.cpuMicros / coveredMeanwhile,
    cpu: seen.cpu,
    p50Ms: cover.latency.percentile(0.5),
    p99Ms: cover.latency.percentile(0.99),
    covered: 1 - missing / obligations,
    lost: missing,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: (seen.bytesIn / clients.length / seen.ms) * 1_000,
    verified,
    own: seen.own,
    extra: { deliveriesPerSecond: (coveredMeanwhile / seen.ms) * 1_000 },
  }
}

/** All frames of a burst behind the first keystroke, made before the clock runs. */
function burstOf(client: Client | undefined, typist: Typist, count: number): Buffer {
  if (client === undefined) throw new Error('no such client')
  return Buffer.concat(Array.from({ length: count }, (_none, i) => client.frame(typist.message(i + 2))))
}

/** Compares what was written with what a reader was sent, and with what somebody is told who comes now. */
export async function verify(
  target: Target,
  room: string,
  expected: Y.Doc,
  kept: readonly Uint8Array[] | undefined,
): Promise<string> {
  const text = expected.getText(TEXT).toJSON()
  const reader = new Y.Doc()
  for (const update of kept ?? []) Y.applyUpdate(reader, update)
  if (kept !== undefined && reader.getText(TEXT).toJSON() !== text) return 'a reader has another text'
  if (target.dialect === 'opaque') return 'ok'
  const late = new Y.Doc()
  const client = new Client(target, {
    room,
    onMessage(kind, frame, from, to) {
      if (kind === 'step2' || kind === 'update') Y.applyUpdate(late, copyOf(frame, from, to))
    },
  })
  await client.open()
  await client.synced()
  client.close()
  if (late.getText(TEXT).toJSON() !== text) return 'a newcomer gets another text'
  return late.store.pendingStructs === null ? 'ok' : 'a newcomer gets only a part'
}
