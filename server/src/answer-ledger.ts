import type { Limits } from '@roomful/shared'

/** Answers below this are not counted: a socket's own buffer may hold as much, and most joins are smaller. */
export const COUNTED_ANSWER_BYTES = 65_536

/** One answer on its way to one member. */
interface Hold {
  readonly frames: readonly Uint8Array[]
  readonly bytes: number
  readonly since: number
  readonly giveUp: () => void
}

/**
 * Bytes of the answers that members of this process have asked for and not taken yet. One member may hold a whole document
 * in its socket's buffer; all of them together hold `limits.answerBytes` and one document more: who asks then waits. An
 * answer that many share counts once.
 *
 * @example
 * if (!ledger.hasRoom(now)) return waitForTheNextPulse()
 * const release = ledger.hold(answer.frames, now, () => closeAsTooSlow())
 */
export class AnswerLedger {
  readonly #limits: Pick<Limits, 'answerBytes' | 'sendStallMs'>
  /** Oldest first. */
  readonly #holds = new Set<Hold>()
  readonly #holders = new Map<readonly Uint8Array[], number>()
  #bytes = 0

  constructor(limits: Pick<Limits, 'answerBytes' | 'sendStallMs'>) {
    this.#limits = limits
  }

  /** Bytes held, each answer once. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Whether one more answer may be made. Where not, the oldest that has been on its way for longer than
   * `limits.sendStallMs` is given up: whoever takes a byte from time to time must not keep everybody else out.
   */
  hasRoom(now: number): boolean {
    if (this.#bytes < this.#limits.answerBytes) return true
    const [oldest] = this.#holds
    if (oldest !== undefined && now - oldest.since >= this.#limits.sendStallMs) oldest.giveUp()
    return this.#bytes < this.#limits.answerBytes
  }

  /**
   * Counts an answer until it is released.
   *
   * @param giveUp closes the member; what it holds is released then.
   * @returns how to release it: idempotent. `undefined` where it is too small to count.
   */
  hold(frames: readonly Uint8Array[], now: number, giveUp: () => void): (() => void) | undefined {
    const bytes = totalLength(frames)
    if (bytes < COUNTED_ANSWER_BYTES) return undefined
    const hold: Hold = { frames, bytes, since: now, giveUp }
    this.#holds.add(hold)
    const holders = this.#holders.get(frames) ?? 0
    if (holders === 0) this.#bytes += bytes
    this.#holders.set(frames, holders + 1)
    return () => this.#release(hold)
  }

  #release(hold: Hold): void {
    if (!this.#holds.delete(hold)) return
    const holders = (this.#holders.get(hold.frames) ?? 1) - 1
    if (holders > 0) {
      this.#holders.set(hold.frames, holders)
      return
    }
    this.#holders.delete(hold.frames)
    this.#bytes -= hold.bytes
  }
}

/** Bytes of all frames together. */
export function totalLength(frames: readonly Uint8Array[]): number {
  let bytes = 0
  for (const frame of frames) bytes += frame.length
  return bytes
}
