import { monitorEventLoopDelay } from 'node:perf_hooks'
import * as Y from 'yjs'
import { RoomContent } from '../../../server/src/room/room-content.ts'
import { createCompactor } from '../../../server/src/worker/compactor.ts'
import type { Measured } from '../measured.ts'
import { OwnLoadWatch } from '../own-load.ts'
import { cpuMicros } from '../process-probe.ts'
import { TEXT, Typist } from '../typing.ts'

/** One compaction by itself: this process is the server, its worker does the work. */
export interface CompactionJob {
  readonly kind: 'compaction'
  readonly updates: number
}

const WRITERS = 10
const DELAY_RESOLUTION_MS = 1
/** `Y.mergeUpdates` grows with the square: measured on so many, told as they are. */
const MERGED = 2_000
const NANOS_PER_MS = 1e6

export async function runCompaction(job: CompactionJob): Promise<Measured> {
  const typists = Array.from({ length: WRITERS }, (_none, i) => new Typist(i))
  for (const typist of typists) typist.prepare(Math.ceil(job.updates / WRITERS))
  const updates = typists.flatMap((typist) => typist.updates)
  const content = await RoomContent.open(undefined)
  for (const update of updates)
    if (content.admit(update).kind !== 'append') throw new Error('an update was not admitted')
  const compactor = createCompactor()
  // the thread is there already in a server that lives
  await compactor.compact(Uint8Array.of(0, 0))
  const own = new OwnLoadWatch()
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  delay.enable()
  const cpuBefore = cpuMicros(process.pid)
  const startedAt = performance.now()
  const frozen = content.freeze()
  const result = await compactor.compact(frozen.update)
  await content.rebase(result.snapshot, frozen, () => new Promise((resolve) => setImmediate(resolve)))
  const ms = performance.now() - startedAt
  const cpu = cpuMicros(process.pid) - cpuBefore
  delay.disable()
  const load = own.stop()
  await compactor.close()

  const fresh = new Y.Doc()
  fresh.transact(() => {
    for (const update of updates) Y.applyUpdate(fresh, update)
  })
  const encoded = Y.encodeStateAsUpdate(fresh)
  const loaded = new Y.Doc()
  Y.applyUpdate(loaded, result.snapshot)
  const isSame = loaded.getText(TEXT).toJSON() === fresh.getText(TEXT).toJSON()
  const mergedAt = performance.now()
  Y.mergeUpdates(updates.slice(0, MERGED))
  return {
    costMicros: cpu / updates.length,
    cpu: cpu / 1_000 / ms,
    p50Ms: delay.percentile(50) / NANOS_PER_MS,
    p99Ms: delay.percentile(99) / NANOS_PER_MS,
    covered: 1,
    lost: 0,
    rssBytes: process.memoryUsage.rss(),
    bytesPerClientSecond: Number.NaN,
    verified: isSame ? 'ok' : 'another text',
    own: load,
    extra: {
      cpuMs: cpu / 1_000,
      wallMs: ms,
      sizeRatio: result.snapshot.length / encoded.length,
      mergeMs: performance.now() - mergedAt,
    },
  }
}
