import type { NormalizedCursor } from '@roomful/shared'
import { createCursorMotion, type CursorMotion, type MotionKind } from './cursor-motion.ts'

/** Where cursors are drawn: how the shared 0..1 plane lies on the screen at this moment. */
export interface CursorSpace {
  /** Size of the plane in the units motion is smoothed in; differences under 4 units are not animated. */
  readonly width: number
  readonly height: number
  /** Units → CSS pixels inside the layer. */
  project(x: number, y: number): { readonly x: number; readonly y: number }
  /** Called when `project` gives something else: after a pan, a zoom, a resize. Returns how to stop. */
  subscribe(onChange: () => void): () => void
}

/** What a driver moves; an `HTMLElement` is one. */
export interface CursorElement {
  hidden: boolean | string
  readonly dataset: DOMStringMap
  readonly style: { transform: string }
}

/** A cursor at rest for so long is dimmed … */
export const CURSOR_IDLE_MS = 3_000
/** … and after so long taken away, until it moves again. */
export const CURSOR_GONE_MS = 60_000

/**
 * Draws one remote cursor without React: each point goes through the motion into `transform`; `data-state` says `active`
 * or `idle`, `hidden` is set while there is nothing to show.
 */
export class CursorDriver {
  readonly #element: CursorElement
  readonly #space: CursorSpace
  readonly #onPlace: (x: number, y: number) => void
  readonly #motion: CursorMotion
  #at: readonly [x: number, y: number] | undefined
  #restTimer: ReturnType<typeof setTimeout> | undefined

  constructor(
    element: CursorElement,
    space: CursorSpace,
    kind: MotionKind,
    onPlace: (x: number, y: number) => void = () => {},
  ) {
    this.#element = element
    this.#space = space
    this.#onPlace = onPlace
    this.#motion = createCursorMotion(kind, (x, y) => {
      this.#at = [x, y]
      this.redraw()
    })
    this.#hide()
  }

  /** A new position, or `null` when the pointer left. */
  point(pointer: NormalizedCursor | null): void {
    clearTimeout(this.#restTimer)
    if (pointer === null) {
      this.#hide()
      return
    }
    this.#element.dataset['state'] = 'active'
    this.#element.hidden = false
    this.#motion.move(pointer.x * this.#space.width, pointer.y * this.#space.height)
    this.#restTimer = setTimeout(() => {
      this.#element.dataset['state'] = 'idle'
      this.#restTimer = setTimeout(() => this.#hide(), CURSOR_GONE_MS - CURSOR_IDLE_MS)
    }, CURSOR_IDLE_MS)
  }

  /** Writes the place anew: the space has changed. */
  redraw(): void {
    if (this.#at === undefined) return
    const { x, y } = this.#space.project(...this.#at)
    this.#element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
    this.#onPlace(x, y)
  }

  dispose(): void {
    clearTimeout(this.#restTimer)
    this.#motion.dispose()
  }

  #hide(): void {
    this.#element.hidden = true
    this.#at = undefined
    // it comes back where it is then, not gliding from where it was
    this.#motion.reset()
  }
}
