import { encodeSyncStatus } from '@roomful/shared'
import * as Y from 'yjs'
import { Client, openAll, type Target } from '../client.ts'
import { copyOf } from '../copy-of.ts'
import { Cover } from '../cover.ts'
import type { Measured } from '../measured.ts'
import { OwnLoadWatch } from '../own-load.ts'
import { sleep, until } from '../pacer.ts'
import { eachWriter, Typist } from '../typing.ts'
import { Window } from '../window.ts'

/** Writes many updates and waits until they are acknowledged, or where nobody acknowledges, until another has them. */
export interface FillJob {
  readonly kind: 'fill'
  readonly room: string
  readonly updates: number
  readonly writers: number
  readonly hasReceipts: boolean
}

/** Waits for the server to listen, asks for the document, and compares. */
export interface FirstAnswerJob {
  readonly kind: 'first-answer'
  readonly room: string
  readonly updates: number
  readonly writers: number
}

const FILL_MS = 120_000
const PIECE = 200
const RETRY_MS = 2
/** Without receipts: what an operator would believe to be stored by now. */
const BELIEF_MS = 4_000

export async function runFill(target: Target, job: FillJob): Promise<Measured> {
  const { room, updates, writers, hasReceipts } = job
  const each = Math.ceil(updates / writers)
  const typists = prepare(writers, each)
  const indexOf = new Map(typists.map((typist, i) => [typist.clientId, i]))
  const cover = new Cover(writers, 1)
  const acknowledged = new Set<number>()
  const reader = new Client(target, {
    room,
    onMessage(kind, frame, from, to) {
      if (kind === 'update' || kind === 'step2')
        eachWriter(frame, from, to, (clientId, clock) => {
          const writer = indexOf.get(clientId)
          if (writer !== undefined) cover.seen(0, writer, clock)
        })
    },
  })
  const clients = typists.map(
    (_typist, i) =>
      new Client(target, { room, onMessage: (kind) => void (kind === 'status' && acknowledged.add(i)) }),
  )
  await openAll([reader, ...clients], () => [])
  const window = new Window(target, clients)
  cover.begin()
  for (let from = 0; from < each; from += PIECE) {
    for (const [i, client] of clients.entries()) {
      const frames: Buffer[] = []
      for (let state = from + 1; state <= Math.min(each, from + PIECE); state += 1) {
        cover.sent(i, state)
        const message = typists[i]?.message(state)
        if (message !== undefined) frames.push(client.frame(message))
      }
      client.write(Buffer.concat(frames))
    }
    await until(() => cover.coveredSinceBegin > (from - 4 * PIECE) * writers, FILL_MS)
  }
  if (hasReceipts) for (const client of clients) client.send(encodeSyncStatus(Uint8Array.of(1)))
  const isThere = await until(() => cover.isCurrent(0, undefined), FILL_MS)
  const isStored = hasReceipts ? await until(() => acknowledged.size === writers, FILL_MS) : true
  if (!hasReceipts) await sleep(BELIEF_MS)
  cover.end()
  const seen = window.end()
  return {
    costMicros: seen.cpuMicros / updates,
    cpu: seen.cpu,
    p50Ms: Number.NaN,
    p99Ms: Number.NaN,
    covered: 1,
    lost: 0,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: Number.NaN,
    verified: isThere && isStored ? 'ok' : 'not everything was taken',
    own: seen.own,
    extra: {},
  }
}

export async function runFirstAnswer(target: Target, job: FirstAnswerJob): Promise<Measured> {
  const { room, updates, writers } = job
  const own = new OwnLoadWatch()
  const end = performance.now() + FILL_MS
  let client: Client | undefined
  const doc = new Y.Doc()
  // taken in later: a document of 100,000 updates keeps its client busy for longer than the answer took
  let arrived: Uint8Array[] = []
  const held = (): number => {
    for (const update of arrived) Y.applyUpdate(doc, update)
    arrived = []
    return heldBy(doc)
  }
  let listeningAt = 0
  while (client === undefined && performance.now() < end) {
    const attempt = new Client(target, {
      room,
      onMessage(kind, frame, from, to) {
        if (kind === 'update' || kind === 'step2') arrived.push(copyOf(frame, from, to))
      },
    })
    try {
      await attempt.open()
      listeningAt = performance.timeOrigin + performance.now()
      client = attempt
    } catch {
      // it does not listen yet
      await sleep(RETRY_MS)
    }
  }
  await client?.synced()
  const answeredAt = performance.timeOrigin + performance.now()
  const first = held()
  // who answers before it has read sends the rest later, if ever
  await until(() => held() >= updates, 5_000)
  client?.close()
  return {
    costMicros: Number.NaN,
    cpu: Number.NaN,
    p50Ms: Number.NaN,
    p99Ms: Number.NaN,
    covered: first / (Math.ceil(updates / writers) * writers),
    lost: Math.ceil(updates / writers) * writers - held(),
    rssBytes: Number.NaN,
    bytesPerClientSecond: Number.NaN,
    verified:
      first === Math.ceil(updates / writers) * writers
        ? 'ok'
        : first === 0
          ? 'first answer is empty'
          : 'first answer is a part',
    own: own.stop(),
    extra: { listeningAt, answeredAt, answerMs: answeredAt - listeningAt },
  }
}

function prepare(writers: number, each: number): readonly Typist[] {
  const typists = Array.from({ length: writers }, (_none, i) => new Typist(i))
  for (const typist of typists) typist.prepare(each)
  return typists
}

/** Keystrokes in a document: each is one unit. */
function heldBy(doc: Y.Doc): number {
  let units = 0
  for (const clock of Y.decodeStateVector(Y.encodeStateVector(doc)).values()) units += clock
  return units
}
