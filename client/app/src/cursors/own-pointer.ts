import type { PresenceStore } from '@roomful/provider'
import { inside } from '../board/inside.ts'
import type { ViewStore } from '../board/view-store.ts'
import { type Point, toNormalized, toWorld } from '../board/view.ts'

/**
 * Where this person points on the board, told to the others. It hides when the pointer leaves or the tab is put away,
 * unless it is pinned: who says something at their pointer stays in sight while they type.
 *
 * A finger does not hover: its touches are told as taps.
 */
export class OwnPointer {
  readonly #view: ViewStore
  readonly #presence: PresenceStore
  readonly #listeners = new Set<() => void>()
  #element: HTMLElement | undefined
  /** In pixels of the page, so that a panel that opens does not move it. */
  #last: readonly [clientX: number, clientY: number] | undefined
  #pinned: Point | undefined

  constructor(view: ViewStore, presence: PresenceStore) {
    this.#view = view
    this.#presence = presence
  }

  /** Listens to the board. Returns how to stop, with the pointer taken away. */
  attach(element: HTMLElement): () => void {
    this.#element = element
    const onMove = (event: PointerEvent): void => this.#onMove(event, element)
    const onLeave = (event: PointerEvent): void => {
      if (event.pointerType !== 'touch') this.#hide()
    }
    const onVisibility = (): void => {
      if (document.hidden) this.#hide()
    }
    element.addEventListener('pointermove', onMove)
    element.addEventListener('pointerdown', onMove)
    element.addEventListener('pointerleave', onLeave)
    element.addEventListener('pointercancel', onLeave)
    document.addEventListener('visibilitychange', onVisibility)
    // a wheel moves the world under a pointer at rest
    const off = this.#view.subscribe(() => this.refresh())
    return () => {
      off()
      element.removeEventListener('pointermove', onMove)
      element.removeEventListener('pointerdown', onMove)
      element.removeEventListener('pointerleave', onLeave)
      element.removeEventListener('pointercancel', onLeave)
      document.removeEventListener('visibilitychange', onVisibility)
      this.#element = undefined
      this.#pinned = undefined
      this.#hide()
    }
  }

  /** In pixels inside the board; `undefined` while it is elsewhere. */
  get at(): Point | undefined {
    return this.#last === undefined ? this.#pinned : inside(this.#element ?? null, this.#last)
  }

  /** Called when `at` changed. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Keeps showing it where it is, or in the middle of the view where there is none. */
  pin(): void {
    const { width, height } = this.#view.viewport
    this.#pinned = this.at ?? { x: width / 2, y: height / 2 }
    this.refresh()
    this.#tell()
  }

  /** The pointer alone counts again. */
  unpin(): void {
    if (this.#pinned === undefined) return
    this.#pinned = undefined
    if (this.#last === undefined) this.#presence.setPointer(null)
    this.#tell()
  }

  /** Says the place again: the view has moved under it, or the others were not to see it until now. */
  refresh(): void {
    const { at } = this
    if (at !== undefined) this.#presence.setPointer(this.#normalized(at))
  }

  #onMove(event: PointerEvent, element: HTMLElement): void {
    if (!event.isPrimary) return
    if (event.pointerType === 'touch') {
      const at = inside(element, [event.clientX, event.clientY])
      if (event.type === 'pointerdown') this.#presence.tap(this.#normalized(at))
      return
    }
    this.#last = [event.clientX, event.clientY]
    this.refresh()
    this.#tell()
  }

  #hide(): void {
    if (this.#last === undefined) return
    if (this.#pinned !== undefined) this.#pinned = inside(this.#element ?? null, this.#last)
    this.#last = undefined
    if (this.#pinned === undefined) this.#presence.setPointer(null)
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  #normalized(at: Point): ReturnType<typeof toNormalized> {
    return toNormalized(toWorld(this.#view.view, at))
  }
}
