import type { PresenceStore } from '@roomful/provider'
import type { PresenceView } from '@roomful/shared'
import type { ViewStore } from '../board/view-store.ts'
import type { FollowStore } from './follow-store.ts'
import { containing, looksSame, towards } from './shared-view.ts'

/** After so long 63 % of the way is gone: smooth over the 80 ms between two views, and there within 200 ms. */
const EASE_MS = 40

/**
 * Moves the board's view to what the followed person sees, frame by frame and without React, until it is there.
 *
 * @param still no motion is wanted: views are shown as they come.
 */
export class FollowMotion {
  readonly #presence: PresenceStore
  readonly #follow: FollowStore
  readonly #view: ViewStore
  readonly #still: () => boolean
  readonly #cleanups: (() => void)[]
  #shown: PresenceView | undefined
  #frame: number | undefined
  #lastAt = 0

  constructor(presence: PresenceStore, follow: FollowStore, view: ViewStore, still: () => boolean) {
    this.#presence = presence
    this.#follow = follow
    this.#view = view
    this.#still = still
    this.#cleanups = [
      presence.onView((clientId, shown) => {
        if (shown !== null && this.#isFollowed(clientId)) this.#show(shown)
      }),
      // a loop that ended, a person that is back
      presence.subscribe(() => this.#start()),
      view.subscribe((_, cause) => {
        if (cause === 'own') follow.stop()
        else if (cause === 'size' && this.#shown !== undefined) this.#show(this.#shown)
      }),
    ]
    // the first sight of the room and other choices for the person end here, and so does a glide of their own
    view.hold()
    view.halt()
    this.#start()
  }

  destroy(): void {
    for (const cleanup of this.#cleanups) cleanup()
    this.#stopFrame()
  }

  #start(): void {
    if (this.#shown !== undefined) return
    const { followed } = this.#follow
    const person = this.#presence.others.find(({ id }) => id === followed)
    for (const clientId of person?.clientIds ?? []) {
      const shown = this.#presence.viewOf(clientId)
      if (shown !== null) this.#show(shown)
    }
  }

  #isFollowed(clientId: number): boolean {
    const { followed } = this.#follow
    return this.#presence.others.some(({ id, clientIds }) => id === followed && clientIds.includes(clientId))
  }

  #show(shown: PresenceView): void {
    if (this.#follow.isLoop) return
    this.#shown = shown
    if (this.#frame !== undefined) return
    this.#lastAt = performance.now()
    this.#frame = requestAnimationFrame((now) => this.#step(now))
  }

  #step(now: number): void {
    this.#frame = undefined
    if (this.#shown === undefined || this.#follow.isLoop) return
    const { view, viewport } = this.#view
    const target = containing(this.#shown, viewport)
    const passedMs = Math.max(0, now - this.#lastAt)
    const next = towards(view, target, viewport, 1 - Math.exp(-passedMs / EASE_MS))
    this.#lastAt = now
    if (this.#still() || looksSame(next, target, viewport)) this.#view.show(target)
    else {
      this.#view.show(next)
      this.#frame = requestAnimationFrame((at) => this.#step(at))
    }
  }

  #stopFrame(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
  }
}
