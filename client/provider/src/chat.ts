import { MAX_MESSAGE_LENGTH, parseChatMessage, roomDoc, type ChatMessage } from '@roomful/shared'
import type * as Y from 'yjs'
import { Listeners } from './listeners.ts'
import { LOCAL_ORIGIN } from './local-origin.ts'
import { presenceOf } from './presence-of.ts'
import type { PresenceStore } from './presence-store.ts'
import { ProviderError } from './provider-error.ts'
import { randomId } from './random-id.ts'
import type { RoomContext } from './room-context.ts'

/** What two corrected clocks may honestly be apart, ms. */
const MAX_SKEW_MS = 10_000

/**
 * The room's chat. `messages` is sorted by `sentAt`, then id; each id once; what a foreign client wrote that is no
 * message is skipped. The same array until something changed.
 *
 * @example
 * const chat = new Chat(provider)
 * chat.subscribe(() => draw(chat.messages))
 * chat.send('hello')
 */
export class Chat {
  readonly #room: RoomContext
  readonly #presence: PresenceStore
  readonly #array: Y.Array<unknown>
  readonly #listeners = new Listeners()
  /** Yjs gives the same object for the same entry each time, so each is parsed once. */
  readonly #parsed = new WeakMap<object, ChatMessage | 'invalid'>()
  #messages: readonly ChatMessage[] | undefined
  /** The ids in `#messages`, while that is there. */
  #ids = new Set<string>()

  constructor(room: RoomContext) {
    this.#room = room
    this.#presence = presenceOf(room)
    this.#array = roomDoc(room.doc).chat
    this.#array.observe(this.#onChange)
  }

  get messages(): readonly ChatMessage[] {
    this.#messages ??= this.#sorted()
    return this.#messages
  }

  /**
   * Sends a message in the name of `presenceOf(room).self` and clears "is typing".
   *
   * @returns the message, or `undefined` for blank text and text over {@link MAX_MESSAGE_LENGTH} units: nothing is cut.
   * @throws ProviderError `no-user` where no user was set.
   */
  send(text: string): ChatMessage | undefined {
    const user = this.#presence.self?.user
    if (user === undefined)
      throw new ProviderError('no-user', 'set a user first: presenceOf(room).setUser({ … })')
    if (!isSendable(text)) return undefined
    const message: ChatMessage = {
      id: randomId(),
      userId: user.id,
      name: user.name,
      color: user.color,
      text,
      sentAt: this.#nextSentAt(),
    }
    this.#room.doc.transact(() => this.#array.push([message]), LOCAL_ORIGIN)
    this.#presence.setTyping(false)
    return message
  }

  /** Replaces the text of an own message, in place. `false` where it is not there, not yours, or the text does not fit. */
  edit(id: string, text: string): boolean {
    const message = this.#own(id)
    if (message === undefined || !isSendable(text)) return false
    if (message.text === text) return true
    const edited: ChatMessage = { ...message, text, editedAt: this.#room.serverNow() }
    this.#room.doc.transact(() => {
      const index = this.#removeAll(id)
      this.#array.insert(index, [edited])
    }, LOCAL_ORIGIN)
    return true
  }

  /** Deletes an own message. `false` where it is not there or not yours. */
  remove(id: string): boolean {
    if (this.#own(id) === undefined) return false
    this.#room.doc.transact(() => this.#removeAll(id), LOCAL_ORIGIN)
    return true
  }

  /**
   * Takes back the removal of an own message: it is there again as it was, at its time. `false` where it is not yours,
   * or is there.
   *
   * @example
   * chat.remove(message.id)
   * chat.restore(message)
   */
  restore(message: ChatMessage): boolean {
    if (message.userId !== this.#presence.self?.user.id || !isSendable(message.text)) return false
    if (this.messages.some(({ id }) => id === message.id)) return false
    this.#room.doc.transact(() => this.#array.push([{ ...message }]), LOCAL_ORIGIN)
    return true
  }

  /** Called when `messages` changed. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  /** Stops listening to the document. Idempotent. */
  destroy(): void {
    this.#array.unobserve(this.#onChange)
    this.#listeners.clear()
  }

  readonly #onChange = (event: Y.YArrayEvent<unknown>): void => {
    this.#messages = this.#messages === undefined ? undefined : this.#appended(this.#messages, event)
    this.#listeners.call()
  }

  /** What nearly every change is: messages newer than all the others. Everything else is `undefined`: sort anew. */
  #appended(
    messages: readonly ChatMessage[],
    { changes }: Y.YArrayEvent<unknown>,
  ): readonly ChatMessage[] | undefined {
    if (changes.deleted.size > 0) return undefined
    const added: ChatMessage[] = []
    for (const item of changes.added) {
      for (const raw of item.content.getContent()) {
        const message = this.#parse(raw)
        if (message !== undefined) added.push(message)
      }
    }
    added.sort(inOrder)
    let last = messages.at(-1)
    for (const message of added) {
      if (this.#ids.has(message.id) || (last !== undefined && inOrder(last, message) > 0)) return undefined
      this.#ids.add(message.id)
      last = message
    }
    return [...messages, ...added]
  }

  /** Behind everything its author has seen, also within one millisecond and with clocks a little apart. */
  #nextSentAt(): number {
    const now = this.#room.serverNow()
    const last = this.messages.at(-1)?.sentAt ?? 0
    // further ahead is no skew but a wrong clock: following it would spread it
    return last >= now && last - now <= MAX_SKEW_MS ? last + 1 : now
  }

  #own(id: string): ChatMessage | undefined {
    const userId = this.#presence.self?.user.id
    return this.messages.find((message) => message.id === id && message.userId === userId)
  }

  /** Two edits at once leave two entries of one id: all go. Returns where the first one was. */
  #removeAll(id: string): number {
    const raw = this.#array.toArray()
    let first = raw.length
    for (let index = raw.length - 1; index >= 0; index--) {
      if (this.#parse(raw[index])?.id !== id) continue
      this.#array.delete(index, 1)
      first = index
    }
    return first
  }

  #sorted(): readonly ChatMessage[] {
    const byId = new Map<string, ChatMessage>()
    for (const raw of this.#array.toArray()) {
      const message = this.#parse(raw)
      if (message === undefined) continue
      const known = byId.get(message.id)
      // of two concurrent edits everybody takes the later one, and at the same instant the later in the list
      if (known === undefined || (message.editedAt ?? 0) >= (known.editedAt ?? 0))
        byId.set(message.id, message)
    }
    this.#ids = new Set(byId.keys())
    return [...byId.values()].sort(inOrder)
  }

  #parse(raw: unknown): ChatMessage | undefined {
    if (typeof raw !== 'object' || raw === null) return undefined
    let parsed = this.#parsed.get(raw)
    if (parsed === undefined) {
      parsed = parseChatMessage(raw) ?? 'invalid'
      this.#parsed.set(raw, parsed)
    }
    return parsed === 'invalid' ? undefined : parsed
  }
}

function inOrder(a: ChatMessage, b: ChatMessage): number {
  return a.sentAt - b.sentAt || (a.id < b.id ? -1 : 1)
}

function isSendable(text: string): boolean {
  return text.trim() !== '' && text.length <= MAX_MESSAGE_LENGTH
}
