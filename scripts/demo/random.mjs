/** @typedef {() => number} Random uniform in [0, 1) */

/**
 * A small seeded generator (mulberry32): the same seed gives the same visitors doing the same things.
 *
 * @param {number} seed 32 bits count
 * @returns {Random}
 */
export function seededRandom(seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * @param {Random} random
 * @param {number} low
 * @param {number} high
 */
export const between = (random, low, high) => low + (high - low) * random()

/**
 * @template T
 * @param {Random} random
 * @param {readonly T[]} items
 * @returns {T | undefined} `undefined` of an empty list
 */
export const pick = (random, items) => items[Math.floor(random() * items.length)]
