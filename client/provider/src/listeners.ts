/** A set of listeners. Adding returns how to remove; a listener may remove itself or others while being called. */
export class Listeners<A extends readonly unknown[] = readonly []> {
  readonly #all = new Set<(...args: A) => void>()

  add(listener: (...args: A) => void): () => void {
    // wrapped: the same function added twice is two subscriptions, each with its own end
    const entry = (...args: A): void => listener(...args)
    this.#all.add(entry)
    return () => {
      this.#all.delete(entry)
    }
  }

  call(...args: A): void {
    for (const listener of this.#all) listener(...args)
  }

  clear(): void {
    this.#all.clear()
  }
}
