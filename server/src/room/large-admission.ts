import { POISON, poisoned, type Admission, type RoomParts } from './admission.ts'
import { Classifier } from './classifier.ts'
import type { ClientRecord } from './client-table.ts'
import { commitUpdate } from './commit.ts'
import { excessOf, excessOfSize, type ContentBounds } from './content-bounds.ts'
import { Draft, landDraft } from './draft.ts'
import { type DeleteGuard, FreshDeletes } from './fresh-deletes.ts'
import { Integration } from './integration.ts'
import type { UpdateLayout } from './update-layout.ts'

/** How much of a large update is taken in one turn of the loop. */
export interface SliceBudget {
  readonly sections: number
  readonly structs: number
  readonly ranges: number
}

/** A few milliseconds each, far below the 50 ms a loop may block. */
export const SLICE: SliceBudget = { sections: 4_096, structs: 16_384, ranges: 65_536 }

/** So often the room may move under a draft; then the others have to wait for it. */
const FREE_TRIES = 2

/**
 * What a step of a large admission needs: `more` turns, or `alone`: somebody keeps writing what it writes, and it will never
 * end unless the room admits nothing else meanwhile.
 */
export type SliceNeed = 'more' | 'alone'

/**
 * Admission of an update that was scanned elsewhere, in slices: the same rules as `admitUpdate`, worked out on a draft beside
 * the room, which admits other updates between two slices, and put in force at once. Where the room has moved in what the
 * draft started from, it is worked out anew.
 *
 * The last `next()` commits and returns in the same call.
 */
export function* admitInSlices(
  room: RoomParts,
  layout: UpdateLayout,
  budget: SliceBudget = SLICE,
  guard?: DeleteGuard,
  bounds: ContentBounds = room.bounds,
): Generator<SliceNeed, Admission, undefined> {
  const excess = excessOfSize(layout, bounds)
  if (excess !== undefined) return { kind: 'full', excess }
  for (let tries = 1; ; tries++) {
    const need = tries > FREE_TRIES ? 'alone' : 'more'
    const admission = yield* tryInSlices(room, layout, bounds, budget, need, guard)
    if (admission !== undefined) return admission
  }
}

/** What would become of an update now, worked out in slices: nothing is changed. */
export type Inspection =
  | { readonly kind: 'new' }
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly reason: string }

/** The same without admitting it, and whatever the bounds. */
export function* inspectInSlices(
  room: RoomParts,
  layout: UpdateLayout,
  budget: SliceBudget = SLICE,
): Generator<SliceNeed, Inspection, undefined> {
  return yield* onDraft(room, layout, budget, 'more', undefined, ({ fresh, hasPoison }) => {
    if (hasPoison) return { kind: 'refused', reason: POISON }
    const isKnown = fresh.count === 0 && fresh.missing === undefined && keepsNothing(layout)
    return { kind: isKnown ? 'known' : 'new' }
  })
}

/** @returns `undefined` where the room has moved meanwhile. */
function* tryInSlices(
  room: RoomParts,
  layout: UpdateLayout,
  bounds: ContentBounds,
  budget: SliceBudget,
  need: SliceNeed,
  guard: DeleteGuard | undefined,
): Generator<SliceNeed, Admission | undefined, undefined> {
  const since = room.changes
  return yield* onDraft(room, layout, budget, need, guard, ({ draft, records, fresh, hasPoison, chat }) => {
    if (hasPoison) return poisoned(layout, records)
    if (room.changes !== since && !isCurrent(layout, draft, records)) return undefined
    const over = excessOf(room, bounds, layout, records, fresh)
    if (over !== undefined) return { kind: 'full', excess: over }
    const landed = records.map((record, section) =>
      layout.keep[section] === -1 ? record : landDraft(record),
    )
    const { bytes: update } = layout
    return commitUpdate(room, { update, layout, records: landed, fresh, missing: fresh.missing, chat })
  })
}

/** An update as it was worked out beside the room. */
interface Worked {
  readonly draft: Draft
  readonly records: readonly ClientRecord[]
  readonly fresh: FreshDeletes
  readonly hasPoison: boolean
  /** The classifier's structs of the chat. */
  readonly chat: readonly number[]
}

/** Works an update out; `end` decides in the last slice what comes of it, and the draft is let go of. */
function* onDraft<Outcome>(
  room: RoomParts,
  layout: UpdateLayout,
  budget: SliceBudget,
  need: SliceNeed,
  guard: DeleteGuard | undefined,
  end: (worked: Worked) => Outcome,
): Generator<SliceNeed, Outcome, undefined> {
  const draft = new Draft(room.clients)
  const records: ClientRecord[] = []
  try {
    for (let section = 0; section < layout.sections; section++) {
      records.push(draft.open(layout.client[section] as number, section))
      if (section % budget.sections === budget.sections - 1) yield need
    }
    const classifier = new Classifier(layout, draft)
    const integration = new Integration(layout, draft, records, classifier)
    while (!integration.step(budget.structs)) yield need
    const fresh = new FreshDeletes()
    fresh.begin(integration.addMissing(undefined), guard)
    while (!fresh.step(layout, draft, budget.ranges)) yield need
    yield need
    return end({ draft, records, fresh, hasPoison: classifier.hasPoison, chat: classifier.chat })
  } finally {
    for (const record of records) draft.discard(record)
  }
}

function keepsNothing(layout: UpdateLayout): boolean {
  for (let section = 0; section < layout.sections; section++) if (layout.keep[section] !== -1) return false
  return true
}

function isCurrent(layout: UpdateLayout, draft: Draft, records: readonly ClientRecord[]): boolean {
  for (let section = 0; section < layout.sections; section++) {
    if (layout.keep[section] !== -1 && !draft.isCurrent(records[section] as ClientRecord)) return false
  }
  return true
}
