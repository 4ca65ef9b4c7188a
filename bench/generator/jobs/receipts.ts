import { encodeSyncStatus } from '@roomful/shared'
import { Client, openAll, type Target } from '../client.ts'
import { freshRoom } from '../fresh-room.ts'
import { Histogram } from '../histogram.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep, until } from '../pacer.ts'
import { Typist } from '../typing.ts'
import { Window } from '../window.ts'
import { scrape } from '../scrape.ts'

/** Everybody types, and wants to know that it is stored. */
export interface ReceiptsJob {
  readonly kind: 'receipts'
  readonly writers: number
  readonly hz: number
  readonly seconds: number
}

const GRACE_MS = 5_000
/** Bytes of a counter. */
const COUNTER_BYTES = 4
const COMMITS = 'roomful_log_commit_seconds_count'

export async function runReceipts(target: Target, job: ReceiptsJob): Promise<Measured> {
  const { writers, hz, seconds } = job
  const latency = new Histogram()
  const typists = Array.from({ length: writers }, (_none, i) => new Typist(i))
  for (const typist of typists) typist.prepare(Math.ceil(hz * (seconds + 1) * 1.5) + 10)
  const sentAt = typists.map((): number[] => [])
  const acknowledged = typists.map(() => 0)
  let wrong = 0
  let isMeasured = false
  let owed = 0
  let paid = 0
  const room = freshRoom('receipts')
  const clients = typists.map(
    (_typist, i) =>
      new Client(target, {
        room,
        onMessage(kind, frame, from, to) {
          if (kind !== 'status') return
          const counter = Buffer.from(frame.subarray(from, to)).readUInt32BE(0)
          const expected = (acknowledged[i] ?? 0) + 1
          // in order, none left out
          if (counter !== expected) wrong += 1
          acknowledged[i] = counter
          const at = sentAt[i]?.[counter]
          if (at === undefined) return
          latency.add(performance.now() - at)
          paid += 1
        },
      }),
  )
  await openAll(clients, () => [])
  const sent = typists.map(() => 0)
  const pacer = new Pacer(writers, hz, (i) => {
    const state = (sent[i] ?? 0) + 1
    sent[i] = state
    const counter = Buffer.alloc(COUNTER_BYTES)
    counter.writeUInt32BE(state)
    if (isMeasured) {
      owed += 1
      const times = sentAt[i]
      if (times !== undefined) times[state] = performance.now()
    }
    const client = clients[i]
    const keystroke = typists[i]?.message(state)
    if (client === undefined || keystroke === undefined) return
    // both in one write, as the provider does
    client.write(Buffer.concat([client.frame(keystroke), client.frame(encodeSyncStatus(counter))]))
  })
  await sleep(500)
  const commits = await scrape(target, COMMITS)
  const window = new Window(target, clients)
  isMeasured = true
  await sleep(seconds * 1_000)
  isMeasured = false
  const seen = window.end()
  const commitsAfter = await scrape(target, COMMITS)
  pacer.stop()
  await until(() => paid === owed, GRACE_MS)
  latency.addMissing(owed - paid)
  for (const client of clients) client.close()
  return {
    costMicros: seen.cpuMicros / owed,
    cpu: seen.cpu,
    p50Ms: latency.percentile(0.5),
    p99Ms: latency.percentile(0.99),
    covered: paid / owed,
    lost: owed - paid,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: (seen.bytesIn / writers / seen.ms) * 1_000,
    verified: wrong === 0 ? 'ok' : `${wrong} out of order`,
    own: seen.own,
    extra: { commitsPerSecond: ((commitsAfter - commits) / seen.ms) * 1_000 },
  }
}
