import type { Limits } from '@roomful/shared'
import { AnswerLedger } from './answer-ledger.ts'

/** What all rooms of one process hold together, beside their documents. Rooms share one; a room on its own has its own. */
export class ProcessBounds {
  readonly answers: AnswerLedger
  readonly unsaved: Unsaved

  constructor(limits: Limits) {
    this.answers = new AnswerLedger(limits)
    this.unsaved = new Unsaved(limits)
  }
}

/** A process that was over its bound takes updates again below this part of it. */
const TAKES_AGAIN_FRACTION = 0.5

/** Bytes handed to the log and not durable yet: they grow while the disk fails. */
export class Unsaved {
  readonly #limits: Pick<Limits, 'unsavedBytes'>
  #bytes = 0

  constructor(limits: Pick<Limits, 'unsavedBytes'>) {
    this.#limits = limits
  }

  get bytes(): number {
    return this.#bytes
  }

  /** `bytes` below 0: they are durable, or it is sure that they never will be. */
  add(bytes: number): void {
    this.#bytes += bytes
  }

  /** Whether an update of so many bytes may still be taken. */
  takes(bytes: number): boolean {
    // an update larger than the bound must not be refused for ever
    return this.#bytes === 0 || this.#bytes + bytes <= this.#limits.unsavedBytes
  }

  /** Whether who was refused may be asked again. */
  get takesAgain(): boolean {
    return this.#bytes <= this.#limits.unsavedBytes * TAKES_AGAIN_FRACTION
  }
}
