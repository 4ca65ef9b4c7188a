import {
  checksumOf,
  encodeQueryAwareness,
  encodeReport,
  encodeSyncStep1,
  isSameChecksum,
  type Check,
  type Difference,
} from '@roomful/shared'
import * as Y from 'yjs'
import type { ClientClock } from './clock.ts'
import type { ClosedReason } from './connection.ts'
import { digestOf } from './digest.ts'
import { inIdleSlices } from './idle.ts'

/** After asking for what is different it is looked at once more so much later. */
export const RECHECK_MS = 5_000

/** What is told of a document that shows something else than everybody's. No server closes with this code. */
const DIVERGED: ClosedReason = {
  code: 0,
  reason: 'diverged',
  meaning: 'this copy of the room shows something else than the server’s',
  advice: 'reload the page: what stood here is kept aside on this device',
}

/** What a {@link Divergence} looks after. */
export interface DivergenceOwner {
  readonly doc: Y.Doc
  readonly clock: ClientClock
  /** Connected, synced, and nothing of this tab is on its way. */
  readonly isSettled: () => boolean
  readonly send: (message: Uint8Array) => void
  /** The document cannot be brought together with the server's. */
  readonly onDiverged: (reason: ClosedReason) => Promise<void>
}

/**
 * Compares the document with what the server says it holds (106), when nothing of this tab is on its way. What is
 * different is reported (107) and asked for, both ways; content that still differs with the same changes cannot be
 * repaired in place: the document has come apart.
 */
export class Divergence {
  readonly #owner: DivergenceOwner
  #isSuspect = false
  #stopRecheck: (() => void) | undefined

  constructor(owner: DivergenceOwner) {
    this.#owner = owner
  }

  /** @param heard sync messages received on this connection. */
  async compare(check: Check, heard: number): Promise<void> {
    const { isSettled } = this.#owner
    if (!isSettled()) return
    if (heard !== check.sent) this.#repair('messages')
    else if (!this.#hasState(check)) this.#repair('state')
    else await this.#compareContent(check)
  }

  /** The document has come apart: that is known already. */
  comeApart(): Promise<void> {
    return this.#owner.onDiverged(DIVERGED)
  }

  /** The provider is destroyed. */
  destroy(): void {
    this.#stopRecheck?.()
  }

  async #compareContent(check: Check): Promise<void> {
    const { clock, doc, isSettled, send } = this.#owner
    const { pendingDs, pendingStructs } = doc.store
    if (check.digest.length === 0 || pendingDs !== null || pendingStructs !== null) return
    let isSame = true
    const onUpdate = (): void => void (isSame = false)
    doc.on('update', onUpdate)
    const digest = await inIdleSlices(digestOf(doc), () => isSame && isSettled())
    doc.off('update', onUpdate)
    // it went on meanwhile: the next check tells
    if (digest === undefined) return
    if (isSameChecksum(digest, check.digest)) this.#isSuspect = false
    else if (this.#isSuspect) {
      send(encodeReport('diverged'))
      await this.comeApart()
    } else {
      this.#isSuspect = true
      this.#repair('content')
      this.#stopRecheck = clock.after(RECHECK_MS, () => {
        if (isSettled() && this.#hasState(check)) this.#compareContent(check).catch(() => undefined)
      })
    }
  }

  #hasState({ state }: Check): boolean {
    return isSameChecksum(checksumOf(Y.encodeStateVector(this.#owner.doc)), state)
  }

  /** The server asks for what it lacks when it hears of a difference; what this side lacks comes as an answer. */
  #repair(what: Difference): void {
    const { doc, send } = this.#owner
    send(encodeReport(what))
    send(encodeSyncStep1(Y.encodeStateVector(doc)))
    // what lost those may have lost somebody's presence as well
    if (what === 'messages') send(encodeQueryAwareness())
  }
}
