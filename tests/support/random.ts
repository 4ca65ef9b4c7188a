/**
 * Seeded randomness (sfc32): the same seed gives the same numbers on every machine and Node version.
 *
 * @example new Random(7).between(1, 6)
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b)
    this.#c = 0x243f6a88
    // neighbouring seeds start alike; a dozen rounds spread them
    for (let round = 0; round < 12; round++) this.uint32()
  }

  /** 0 … 2^32 - 1. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** 0 … `bound` - 1; 0 where `bound` is 0. */
  int(bound: number): number {
    return bound <= 1 ? 0 : Math.floor((this.uint32() / 0x1_0000_0000) * bound)
  }

  /** `min` … `max`, both included. */
  between(min: number, max: number): number {
    return min + this.int(max - min + 1)
  }

  /** True with a probability of `share`, 0 … 1. */
  chance(share: number): boolean {
    return this.uint32() < share * 0x1_0000_0000
  }

  /** One of the items; `undefined` where there is none. */
  pick<T>(items: readonly T[]): T | undefined {
    return items[this.int(items.length)]
  }

  /** One of the keys, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries: [K, number][] = []
    let total = 0
    for (const key in weights) {
      entries.push([key, weights[key]])
      total += weights[key]
    }
    let left = this.int(total)
    for (const [key, weight] of entries) {
      if (left < weight) return key
      left -= weight
    }
    throw new RangeError('no weights to choose from')
  }
}
