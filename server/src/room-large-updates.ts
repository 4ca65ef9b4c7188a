import type { RoomOptions } from './room-options.ts'
import type { DeleteGuard } from './room/fresh-deletes.ts'
import type { Inspection, SliceNeed } from './room/large-admission.ts'
import type { Admission, RoomContent } from './room/room-content.ts'
import type { UpdateLayout } from './room/update-layout.ts'
import { SliceQueue } from './slice-queue.ts'
import type { ReadRequest, ReadResult, UpdateReader } from './update-reader.ts'

/** Updates above are read elsewhere and admitted in slices: hostile bytes of this length take about 10 ms. */
export const LARGE_UPDATE_BYTES: number = 128 * 1024
/** The same for what has to be read through Yjs, which takes ten times as long. */
const LARGE_PAST_BYTES: number = 16 * 1024

/** Whether an update takes too long for one turn. `past`: what was deleted with an earlier generation is taken out of it. */
export function isLargeUpdate(
  update: Uint8Array,
  past?: Uint8Array,
  largeBytes: number = LARGE_UPDATE_BYTES,
): boolean {
  return update.length > (past === undefined ? largeBytes : Math.min(largeBytes, LARGE_PAST_BYTES))
}

/** What became of a large update; `unread`: nothing can be read now. */
export type LargeAdmission = Admission | { readonly kind: 'unread'; readonly error: Error }

/** What it is built on. */
export interface LargeUpdatesOwner {
  readonly content: RoomContent
  readonly options: Pick<RoomOptions, 'clock' | 'largeUpdateBytes' | 'limits' | 'sliceBudget' | 'slices'>
  readonly reader: UpdateReader
  /** In force now: hands it to the log. */
  readonly admitted: (admission: Admission) => Admission
}

/** Updates that would hold up everybody: read elsewhere, admitted in slices while others are admitted in between. */
export class LargeUpdates {
  readonly #owner: LargeUpdatesOwner
  readonly #slices: SliceQueue
  #isAlone = false

  constructor(owner: LargeUpdatesOwner) {
    this.#owner = owner
    this.#slices = owner.options.slices ?? new SliceQueue(owner.options.clock)
  }

  /** One never ends unless nothing else is admitted meanwhile. */
  get isAlone(): boolean {
    return this.#isAlone
  }

  /** Whether an update has to go through here. */
  isLarge(update: Uint8Array, past?: Uint8Array): boolean {
    return isLargeUpdate(update, past, this.#owner.options.largeUpdateBytes)
  }

  /**
   * Admits one. `took` hears of it in the turn in which it came into force, and before anything else does. `past`: what was
   * deleted with an earlier generation; `guard`: what its sender may not delete.
   */
  admit(
    update: Uint8Array,
    past: Uint8Array | undefined,
    took: (admission: LargeAdmission) => void,
    guard?: DeleteGuard,
  ): void {
    const { content, options, admitted } = this.#owner
    this.#read({ update, maxStructs: options.limits.roomStructs, past }, took, (layout) =>
      this.#slice(content.admitInSlices(layout, options.sliceBudget, guard), admitted, took),
    )
  }

  /** Admits what the log holds already: whatever the bounds say, and it is not handed to the log again. */
  admitStored(update: Uint8Array, took: (admission: LargeAdmission) => void): void {
    const { content, options } = this.#owner
    this.#read({ update, maxStructs: Infinity }, took, (layout) =>
      this.#slice(content.admitStoredInSlices(layout, options.sliceBudget), (admission) => admission, took),
    )
  }

  /**
   * What would become of one now. Nothing is changed. `update`: what is left of it without the past. Rejects where nothing
   * can be read now.
   */
  async inspect(
    update: Uint8Array,
    past: Uint8Array | undefined,
  ): Promise<Inspection & { readonly update: Uint8Array }> {
    const { content, options, reader } = this.#owner
    const result = await reader.read({ update, maxStructs: Infinity, past })
    if (result.kind === 'malformed') return { ...result, kind: 'refused', update }
    if (result.kind === 'full') throw new Error('a bound where there is none')
    const steps = content.inspectInSlices(result.layout, options.sliceBudget)
    const inspection = await new Promise<Inspection>((resolve, reject) =>
      this.#slices.add(() => {
        try {
          const step = steps.next()
          if (step.done === true) resolve(step.value)
          return step.done === true
        } catch (error) {
          reject(error)
          return true
        }
      }),
    )
    return { ...inspection, update: result.layout.bytes }
  }

  #read(
    request: ReadRequest,
    took: (admission: LargeAdmission) => void,
    admit: (layout: UpdateLayout) => void,
  ): void {
    this.#owner.reader
      .read(request)
      .then((result) => this.#takeRead(result, took, admit))
      .catch((error: unknown) => took(unread(error)))
  }

  #takeRead(
    result: ReadResult,
    took: (admission: LargeAdmission) => void,
    admit: (layout: UpdateLayout) => void,
  ): void {
    switch (result.kind) {
      case 'malformed':
        return took({ kind: 'refused', reason: result.reason })
      case 'full':
        return took({ kind: 'full', excess: 'structs' })
      case 'read':
        return admit(result.layout)
    }
  }

  #slice(
    steps: Generator<SliceNeed, Admission, undefined>,
    admitted: (admission: Admission) => Admission,
    took: (admission: LargeAdmission) => void,
  ): void {
    this.#slices.add(() => {
      try {
        const step = steps.next()
        this.#isAlone = step.done !== true && step.value === 'alone'
        if (step.done !== true) return false
        took(admitted(step.value))
      } catch (error) {
        this.#isAlone = false
        took(unread(error))
      }
      return true
    })
  }
}

function unread(error: unknown): LargeAdmission {
  return { kind: 'unread', error: error instanceof Error ? error : new Error(String(error)) }
}
