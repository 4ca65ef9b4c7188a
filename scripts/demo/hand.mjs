import { BOARD } from '@roomful/shared'
import { between } from './random.mjs'

/** @typedef {{ x: number, y: number }} Point board units */

/** How often a hand moves its pointer, ms: what a browser's pointer events come to after throttling. */
const STEP_MS = 40
/** Fitts' law (Fitts 1954; MacKenzie 1992), ms: a + b * log2(distance / width + 1). */
const FITTS_A_MS = 180
const FITTS_B_MS = 150
/** How precisely a hand aims, board units. */
const TARGET_WIDTH = 60

/**
 * A pointer moved as people move one: along a slight arc, slowly at both ends (the minimum-jerk curve of Flash and Hogan
 * 1985), as long as Fitts' law says, with a tremor.
 */
export class Hand {
  #presence
  #pace
  #random
  /** @type {Point} */
  #at

  /**
   * @param {import('@roomful/provider').PresenceStore} presence
   * @param {import('./pace.mjs').Pace} pace
   * @param {import('./random.mjs').Random} random
   */
  constructor(presence, pace, random) {
    this.#presence = presence
    this.#pace = pace
    this.#random = random
    this.#at = { x: between(random, 0.2, 0.8) * BOARD.width, y: between(random, 0.2, 0.8) * BOARD.height }
  }

  /** Board units. */
  get at() {
    return this.#at
  }

  /**
   * Moves to a point.
   *
   * @param {Point} target
   * @param {(at: Point) => void} [onStep] what the hand carries along
   */
  async moveTo(target, onStep) {
    const from = this.#at
    const distance = Math.hypot(target.x - from.x, target.y - from.y)
    const durationMs =
      (FITTS_A_MS + FITTS_B_MS * Math.log2(distance / TARGET_WIDTH + 1)) * between(this.#random, 0.9, 1.4)
    const steps = Math.max(2, Math.round(durationMs / STEP_MS))
    const bow = between(this.#random, -0.12, 0.12)
    for (let step = 1; step <= steps; step++) {
      await this.#pace.pause(STEP_MS)
      const along = minimumJerk(step / steps)
      const aside = Math.sin(Math.PI * along) * bow
      const tremor = step === steps ? 0 : between(this.#random, -3, 3)
      this.#put({
        x: from.x + (target.x - from.x) * along - (target.y - from.y) * aside + tremor,
        y: from.y + (target.y - from.y) * along + (target.x - from.x) * aside + tremor,
      })
      onStep?.(this.#at)
    }
  }

  /** Takes the pointer off the board. */
  rest() {
    this.#presence.setPointer(null)
  }

  /** @param {Point} point */
  #put(point) {
    this.#at = { x: clamp(point.x, BOARD.width), y: clamp(point.y, BOARD.height) }
    this.#presence.setPointer({ x: this.#at.x / BOARD.width, y: this.#at.y / BOARD.height })
  }
}

/**
 * @param {number} share of the time, 0..1
 * @returns {number} share of the way, 0..1
 */
const minimumJerk = (share) => share ** 3 * (10 - 15 * share + 6 * share ** 2)

/**
 * @param {number} value
 * @param {number} max
 */
const clamp = (value, max) => Math.min(max, Math.max(0, value))
