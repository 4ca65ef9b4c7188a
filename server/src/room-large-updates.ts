import type { RoomOptions } from './room-options.ts'
import type { DeleteGuard } from './room/fresh-deletes.ts'
import type { Admission, RoomContent } from './room/room-content.ts'
import type { UpdateLayout } from './room/update-layout.ts'
import { SliceQueue } from './slice-queue.ts'
import type { ReadResult, UpdateReader } from './update-reader.ts'

/** What became of a large update; `unread`: nothing can be read now. */
export type LargeAdmission = Admission | { readonly kind: 'unread'; readonly error: Error }

/** What it is built on. */
export interface LargeUpdatesOwner {
  readonly content: RoomContent
  readonly options: Pick<RoomOptions, 'clock' | 'limits' | 'sliceBudget' | 'slices'>
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
    const { reader, options } = this.#owner
    reader
      .read({ update, maxStructs: options.limits.roomStructs, past })
      .then((result) => this.#takeRead(result, took, guard))
      .catch((error: unknown) => took(unread(error)))
  }

  #takeRead(
    result: ReadResult,
    took: (admission: LargeAdmission) => void,
    guard: DeleteGuard | undefined,
  ): void {
    switch (result.kind) {
      case 'malformed':
        return took({ kind: 'refused', reason: result.reason })
      case 'full':
        return took({ kind: 'full', excess: 'structs' })
      case 'read':
        return this.#admitRead(result.layout, took, guard)
    }
  }

  #admitRead(
    layout: UpdateLayout,
    took: (admission: LargeAdmission) => void,
    guard: DeleteGuard | undefined,
  ): void {
    const { content, options, admitted } = this.#owner
    const steps = content.admitInSlices(layout, options.sliceBudget, guard)
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
