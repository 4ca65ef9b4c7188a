import { MAX_FRAGMENTED_BYTES, MAX_FRAGMENTS, type Fragment } from '@roomful/shared'

/** How much of a large document has arrived. */
export interface JoinProgress {
  readonly receivedBytes: number
  readonly totalBytes: number
}

/** Puts the fragments (105) of one connection together again. Memory grows with what has come, never with what is announced. */
export class Fragments {
  #slices: Uint8Array[] = []
  #receivedBytes = 0
  #first: Fragment | undefined

  /** `undefined` while nothing is under way. */
  get progress(): JoinProgress | undefined {
    return this.#first && { receivedBytes: this.#receivedBytes, totalBytes: this.#first.totalBytes }
  }

  /**
   * Takes the next fragment.
   *
   * @returns the whole message behind the last one, until then `undefined`.
   * @throws RangeError where it does not fit to those before it, or announces more than a client takes.
   */
  add(fragment: Fragment): Uint8Array | undefined {
    const { index, count, totalBytes, slice } = fragment
    const first = (this.#first ??= fragment)
    this.#receivedBytes += slice.length
    const isLast = index === count - 1
    const isFit =
      index === this.#slices.length &&
      index < count &&
      count === first.count &&
      count <= MAX_FRAGMENTS &&
      totalBytes === first.totalBytes &&
      totalBytes <= MAX_FRAGMENTED_BYTES &&
      slice.length > 0 &&
      (isLast ? this.#receivedBytes === totalBytes : this.#receivedBytes < totalBytes)
    if (!isFit) throw new RangeError('a fragment that does not fit')
    this.#slices.push(slice)
    if (!isLast) return undefined
    const whole = new Uint8Array(totalBytes)
    let at = 0
    for (const part of this.#slices) {
      whole.set(part, at)
      at += part.length
    }
    this.reset()
    return whole
  }

  /** The connection is gone, and the rest with it. */
  reset(): void {
    this.#slices = []
    this.#receivedBytes = 0
    this.#first = undefined
  }
}
