import type { RoomLog } from './log/room-log.ts'
import { isLargeUpdate } from './room-large-updates.ts'
import { RoomContent, type Admission } from './room/room-content.ts'
import { wholeBy, type UpdateReader } from './update-reader.ts'

/**
 * What a room holds and its log does not, as one update: what has to be appended after the log came back empty or older.
 * Reads the whole log. `undefined` where nothing is missing.
 *
 * @param pause awaited every few milliseconds of work.
 */
export async function missingFromLog(
  log: RoomLog,
  content: RoomContent,
  reader: UpdateReader,
  pause: () => Promise<void>,
): Promise<Uint8Array | undefined> {
  const { snapshot, upTo } = log.head
  const stored = await RoomContent.open(snapshot?.bytes, pause, undefined, wholeBy(reader))
  const admit = async (update: Uint8Array): Promise<Admission> =>
    isLargeUpdate(update) ? admitInSlices(stored, update, reader, pause) : stored.admitStored(update)
  let unfinished: Uint8Array[] = []
  let sincePause = 0
  for await (const { update } of log.read(upTo)) {
    if (!isWhole(await admit(update))) unfinished.push(update)
    sincePause += update.length
    if (sincePause < PAUSE_BYTES) continue
    sincePause = 0
    await pause()
  }
  // what another instance brought back may stand behind what builds on it
  for (let before = -1; before !== unfinished.length && unfinished.length > 0;) {
    before = unfinished.length
    const rest: Uint8Array[] = []
    for (const update of unfinished) if (!isWhole(await admit(update))) rest.push(update)
    unfinished = rest
    await pause()
  }
  const held = content.answer(stored.encodeStateVector())
  if (held === undefined) return undefined
  const admission = await admit(held)
  return admission.kind === 'append' ? admission.update : undefined
}

/** It may be all of a large document: read elsewhere, then a slice in each turn. */
async function admitInSlices(
  content: RoomContent,
  update: Uint8Array,
  reader: UpdateReader,
  pause: () => Promise<void>,
): Promise<Admission> {
  const result = await reader.read({ update, maxStructs: Infinity })
  if (result.kind !== 'read') return { kind: 'refused', reason: 'not an update' }
  const steps = content.admitStoredInSlices(result.layout)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await pause()
  }
}

/** About 10 ms of admission. */
const PAUSE_BYTES = 1_000_000

/** Whether nothing of an entry is left out. What is malformed counts as taken: no other order makes it better. */
function isWhole(admission: Admission): boolean {
  if (admission.kind === 'refused' || admission.kind === 'full') return true
  return admission.missing === undefined || admission.missing.size === 0
}
