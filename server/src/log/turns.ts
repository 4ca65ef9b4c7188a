/** Work on one key runs one after the other, on different keys side by side. */
export class Turns<Key> {
  readonly #last = new Map<Key, Promise<void>>()

  run<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(key) ?? Promise.resolve()).then(work)
    const forget = (): void => {
      if (this.#last.get(key) === done) this.#last.delete(key)
    }
    // the caller gets the error; the next in line only has to know that this one is over
    const done: Promise<void> = result.then(forget, forget)
    this.#last.set(key, done)
    return result
  }

  /** Resolves once all work that was asked for is over. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values())
  }
}
