import type { RoomLog } from './log/room-log.ts'
import { UpdateReading } from './room/read-update.ts'
import { RoomContent, type Admission } from './room/room-content.ts'

/**
 * What a room holds and its log does not, as one update: what has to be appended after the log came back empty or older.
 * Reads the whole log. `undefined` where nothing is missing.
 *
 * @param pause awaited every few milliseconds of work.
 */
export async function missingFromLog(
  log: RoomLog,
  content: RoomContent,
  pause: () => Promise<void>,
): Promise<Uint8Array | undefined> {
  const { snapshot, upTo } = log.head
  const stored = await RoomContent.open(snapshot?.bytes, pause)
  let unfinished: Uint8Array[] = []
  let sincePause = 0
  for await (const { update } of log.read(upTo)) {
    if (!isWhole(stored, update)) unfinished.push(update)
    sincePause += update.length
    if (sincePause < PAUSE_BYTES) continue
    sincePause = 0
    await pause()
  }
  // what another instance brought back may stand behind what builds on it
  for (let before = -1; before !== unfinished.length && unfinished.length > 0;) {
    before = unfinished.length
    unfinished = unfinished.filter((update) => !isWhole(stored, update))
    await pause()
  }
  const held = content.answer(stored.encodeStateVector())
  if (held === undefined) return undefined
  const admission = await admitWithPauses(stored, held, pause)
  return admission?.kind === 'append' ? admission.update : undefined
}

/** It may be all of a large document: a slice in each turn. */
async function admitWithPauses(
  content: RoomContent,
  update: Uint8Array,
  pause: () => Promise<void>,
): Promise<Admission | undefined> {
  const reading = new UpdateReading(update, Infinity)
  let result = reading.step(SLICE_BYTES)
  for (; result === undefined; result = reading.step(SLICE_BYTES)) await pause()
  if (result.kind !== 'read') return undefined
  const steps = content.admitStoredInSlices(result.layout)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await pause()
  }
}

/** About 10 ms of admission. */
const PAUSE_BYTES = 1_000_000
/** About two of hostile bytes. */
const SLICE_BYTES = 64 * 1024

/** Takes an entry in. What is malformed counts as taken: no other order makes it better. */
function isWhole(content: RoomContent, update: Uint8Array): boolean {
  const admission = content.admitStored(update)
  if (admission.kind === 'refused' || admission.kind === 'full') return true
  return admission.missing === undefined || admission.missing.size === 0
}
