/** A key that repeats comes every 30 ms or so; who presses slower than this wants to hear each. */
const SETTLE_MS = 350

/**
 * What the board says to screen readers, one sentence at a time: the latest replaces what was not read yet, so that ten
 * arrow presses are not ten sentences.
 *
 * @example board.announcements.say('2 cards deleted')
 */
export class Announcements {
  readonly #listeners = new Set<() => void>()
  #text = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  get text(): string {
    return this.#text
  }

  /** Says it once no more of its kind has come for a moment: a held arrow key is one sentence. */
  saySoon(text: () => string): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.say(text()), SETTLE_MS)
  }

  say(text: string): void {
    clearTimeout(this.#timer)
    // the same words again are news only when the text differs: a no-break space nobody hears
    this.#text = text === this.#text ? `${text}\u00a0` : text
    for (const listener of this.#listeners) listener()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
