import type { ChatMessage } from '@roomful/shared'
import { Arrivals } from './arrivals.ts'
import { isMentioned } from './mentions.ts'

/** What of others came since the chat was last in sight: a new object at each change. */
export interface Unread {
  readonly count: number
  /** How many of them mention oneself. */
  readonly mentions: number
  /** The message the "New messages" line stands above; it stays while they are read. */
  readonly first: string | undefined
}

/** What is needed of the room's chat. */
export interface UnreadChat {
  readonly messages: readonly ChatMessage[]
  subscribe(listener: () => void): () => void
}

/** Who one is, as of now. */
export type ReadSelf = () => { readonly id: string; readonly name: string } | undefined

const NONE: Unread = { count: 0, mentions: 0, first: undefined }

/**
 * Counts what comes while the chat is out of sight. What the room held when one came in is not news.
 *
 * @example
 * const unread = new UnreadStore(chat, () => presence.self?.user)
 * unread.begin()
 * unread.setInSight(false)
 */
export class UnreadStore {
  readonly #chat: UnreadChat
  readonly #self: ReadSelf
  readonly #listeners = new Set<() => void>()
  readonly #stop: () => void
  #arrivals: Arrivals | undefined
  /** Whether each unread message mentions oneself. */
  #unread = new Map<string, boolean>()
  #inSight = true
  #state = NONE

  constructor(chat: UnreadChat, self: ReadSelf) {
    this.#chat = chat
    this.#self = self
    this.#stop = chat.subscribe(() => this.#onChange())
  }

  get state(): Unread {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The room's content is here: what comes from now on is news. Once is enough. */
  begin(): void {
    this.#arrivals ??= new Arrivals(this.#chat.messages)
  }

  /** Coming into sight reads everything; going out of it ends the "New messages" line. */
  setInSight(inSight: boolean): void {
    if (inSight === this.#inSight) return
    this.#inSight = inSight
    this.#unread.clear()
    this.#set({ count: 0, mentions: 0, first: inSight ? this.#state.first : undefined })
  }

  /** Ends everything. Idempotent. */
  destroy(): void {
    this.#stop()
    this.#listeners.clear()
  }

  #onChange(): void {
    const { messages } = this.#chat
    const fresh = this.#arrivals?.next(messages)
    if (fresh === undefined) return
    const self = this.#self()
    let { first } = this.#state
    for (const message of fresh) {
      if (message.userId === self?.id) first = undefined
      else if (!this.#inSight) {
        first ??= message.id
        this.#unread.set(message.id, self !== undefined && isMentioned(message.text, self.name))
      }
    }
    if (fresh.length === 0 && this.#unread.size > 0) this.#forgetDeleted(messages)
    const mentions = [...this.#unread.values()].filter(Boolean).length
    this.#set({ count: this.#unread.size, mentions, first })
  }

  #forgetDeleted(messages: readonly ChatMessage[]): void {
    const ids = new Set(messages.map((message) => message.id))
    for (const id of this.#unread.keys()) if (!ids.has(id)) this.#unread.delete(id)
  }

  #set(next: Unread): void {
    const { count, mentions, first } = this.#state
    if (next.count === count && next.mentions === mentions && next.first === first) return
    this.#state = next
    for (const listener of this.#listeners) listener()
  }
}
