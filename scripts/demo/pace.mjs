/** Thrown inside a visitor's action when the demo ends. */
export class Ended extends Error {}

/** How fast the demo lives, and its end: every pause goes through here. */
export class Pace {
  #speed
  #hasEnded = false
  /** @type {Set<() => void>} */
  #sleepers = new Set()

  /** @param {number} [speed] 1 is a person's pace, 10 is ten times that */
  constructor(speed = 1) {
    this.#speed = speed
  }

  /**
   * @param {number} ms at a person's pace
   * @returns {Promise<void>} rejects with `Ended` when the demo ends meanwhile
   */
  pause(ms) {
    return new Promise((settle, reject) => {
      if (this.#hasEnded) {
        reject(new Ended())
        return
      }
      const wake = () => {
        clearTimeout(timer)
        this.#sleepers.delete(wake)
        if (this.#hasEnded) reject(new Ended())
        else settle()
      }
      const timer = setTimeout(wake, ms / this.#speed)
      this.#sleepers.add(wake)
    })
  }

  /** Wakes everybody: they go. */
  end() {
    this.#hasEnded = true
    for (const wake of this.#sleepers) wake()
  }

  get hasEnded() {
    return this.#hasEnded
  }
}
