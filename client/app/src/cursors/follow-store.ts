import type { PresenceStore } from '@roomful/provider'

/** So long somebody who is gone may come back, a reload for instance, before following them ends. */
export const FOLLOW_GRACE_MS = 4_000

/** Why following ended without the person's wish. */
export type FollowEnd = 'left' | 'follows-you'

/** Whom this person follows; the part of it that needs no board. */
export class FollowStore {
  readonly #presence: PresenceStore
  readonly #listeners = new Set<() => void>()
  #followed: string | undefined
  /** Loops that stood already when following began: those who follow us are the ones to end them. */
  #wasLoop = false
  #off: () => void = () => {}
  #graceTimer: ReturnType<typeof setTimeout> | undefined
  #onEnd: (userId: string, why: FollowEnd) => void = () => {}

  constructor(presence: PresenceStore) {
    this.#presence = presence
  }

  /** The id of the person followed. */
  get followed(): string | undefined {
    return this.#followed
  }

  /** The person followed and we follow each other round: nobody leads, so no view may be copied. */
  get isLoop(): boolean {
    const selfId = this.#presence.self?.user.id
    const next = new Map(this.#presence.others.map(({ id, following }) => [id, following]))
    const seen = new Set<string>()
    let id: string | null | undefined = this.#followed
    while (id !== undefined && id !== null && !seen.has(id)) {
      if (id === selfId) return true
      seen.add(id)
      id = next.get(id)
    }
    return false
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Called when following ended by itself. One listener; returns how to stop. */
  onEnd(listener: (userId: string, why: FollowEnd) => void): () => void {
    this.#onEnd = listener
    return () => {
      this.#onEnd = () => {}
    }
  }

  follow(userId: string): void {
    if (userId === this.#followed) return
    this.#leave()
    this.#followed = userId
    this.#wasLoop = this.isLoop
    this.#off = this.#presence.subscribe(() => this.#look())
    this.#presence.setFollowing(userId)
    this.#tell()
  }

  /** Nothing is followed any more. */
  stop(): void {
    if (this.#followed === undefined) return
    this.#leave()
    this.#presence.setFollowing(null)
    this.#tell()
  }

  toggle(userId: string): void {
    if (userId === this.#followed) this.stop()
    else this.follow(userId)
  }

  #look(): void {
    const followed = this.#followed
    if (followed === undefined) return
    if (this.#presence.others.some(({ id }) => id === followed)) {
      clearTimeout(this.#graceTimer)
      this.#graceTimer = undefined
    } else this.#graceTimer ??= setTimeout(() => this.#end(followed, 'left'), FOLLOW_GRACE_MS)
    const isLoop = this.isLoop
    if (!isLoop) this.#wasLoop = false
    // the one who came later leads on: they chose while we were following them
    else if (!this.#wasLoop) this.#end(followed, 'follows-you')
  }

  #end(userId: string, why: FollowEnd): void {
    this.stop()
    this.#onEnd(userId, why)
  }

  #leave(): void {
    this.#off()
    this.#off = () => {}
    clearTimeout(this.#graceTimer)
    this.#graceTimer = undefined
    this.#followed = undefined
    this.#wasLoop = false
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

const stores = new WeakMap<PresenceStore, FollowStore>()

/** The one follow store of a room: bar, list and board share it. */
export function followOf(presence: PresenceStore): FollowStore {
  const known = stores.get(presence)
  if (known !== undefined) return known
  const created = new FollowStore(presence)
  stores.set(presence, created)
  return created
}
