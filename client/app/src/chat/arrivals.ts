import type { ChatMessage } from '@roomful/shared'

/**
 * Tells what is new in a list of messages since it was last looked at. An edited message is not new, nor is one that was
 * taken away and put back.
 *
 * @example
 * const arrivals = new Arrivals(messages)
 * const fresh = arrivals.next(laterMessages)
 */
export class Arrivals {
  #messages: readonly ChatMessage[] = []
  readonly #ids = new Set<string>()

  constructor(messages: readonly ChatMessage[]) {
    this.next(messages)
  }

  next(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    const before = this.#messages
    if (messages === before) return []
    this.#messages = messages
    let from = 0
    while (from < before.length && messages[from] === before[from]) from++
    const fresh: ChatMessage[] = []
    for (let index = from; index < messages.length; index++) {
      const message = messages[index]
      if (message === undefined || this.#ids.has(message.id)) continue
      this.#ids.add(message.id)
      fresh.push(message)
    }
    return fresh
  }
}
