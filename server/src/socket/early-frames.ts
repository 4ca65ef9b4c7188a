import type { Limits } from '@roomful/shared'

/** The bound that was reached. */
export type EarlyLimit = 'openQueueFrames' | 'openQueueBytes'

/** What is needed of a socket: its bytes as they come, those of unfinished frames included. */
export interface ByteSource {
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown
}

/** What somebody sends before they are let in: kept in order, and bounded, for nobody fills memory who has not been let in. */
export class EarlyFrames {
  readonly #source: ByteSource
  readonly #limits: Pick<Limits, EarlyLimit>
  readonly #full: (limit: EarlyLimit) => void
  #frames: Uint8Array[] = []
  #bytes = 0
  #isFull = false

  /** @param full called once: from now on the socket is not to be read. */
  constructor(source: ByteSource, limits: Pick<Limits, EarlyLimit>, full: (limit: EarlyLimit) => void) {
    this.#source = source
    this.#limits = limits
    this.#full = full
    source.on('data', this.#count)
  }

  get isFull(): boolean {
    return this.#isFull
  }

  push(frame: Uint8Array): void {
    this.#frames.push(frame)
    if (this.#frames.length >= this.#limits.openQueueFrames) this.#fill('openQueueFrames')
  }

  /** All that came, once; nothing is counted any more. */
  take(): readonly Uint8Array[] {
    this.#source.off('data', this.#count)
    const frames = this.#frames
    this.#frames = []
    return frames
  }

  readonly #count = (chunk: Uint8Array): void => {
    this.#bytes += chunk.length
    if (this.#bytes >= this.#limits.openQueueBytes) this.#fill('openQueueBytes')
  }

  #fill(limit: EarlyLimit): void {
    if (this.#isFull) return
    this.#isFull = true
    this.#full(limit)
  }
}
