import { fitRect, panBy, type Point, type Rect, type Size, type View, WORLD, zoomAt } from './view.ts'

/** How long a view glides when a button or a key moved it. Gestures are never smoothed. */
const GLIDE_MS = 180

/** How a rectangle is brought into view. */
export interface FitOptions {
  readonly glide?: boolean
  /** Pixels left free on each side. */
  readonly padding?: number
  /** So many pixels at the bottom are covered. */
  readonly bottom?: number
}

/** Who moved the view: the person, somebody they follow, or the window's size. */
export type ViewCause = 'own' | 'shown' | 'size'

/**
 * The board's view outside React: pans and zooms write styles through subscribers and cause no render. Components that
 * do render (the zoom figure) select a rounded value.
 */
export class ViewStore {
  #view: View = { x: 0, y: 0, zoom: 1 }
  #viewport: Size = { width: 0, height: 0 }
  #frame = 0
  #target: View | undefined
  #touched = false
  readonly #listeners = new Set<(view: View, cause: ViewCause) => void>()
  readonly #reducedMotion: () => boolean

  constructor(reducedMotion: () => boolean = () => true) {
    this.#reducedMotion = reducedMotion
  }

  get view(): View {
    return this.#view
  }

  get viewport(): Size {
    return this.#viewport
  }

  /** Whether the person has moved the view: from then on nothing else may. */
  get touched(): boolean {
    return this.#touched
  }

  readonly subscribe = (listener: (view: View, cause: ViewCause) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** From now on the view is the person’s: nothing else moves it. */
  hold(): void {
    this.#touched = true
  }

  /** A glide on its way ends where it is. */
  halt(): void {
    this.#finishGlide()
  }

  /** The board element changed its size: the point in its middle stays in its middle. */
  resize(viewport: Size): void {
    const before = this.#viewport
    this.#viewport = viewport
    if (before.width === 0) return
    this.#finishGlide()
    const { x, y, zoom } = this.#view
    this.#set(
      {
        x: x + (viewport.width - before.width) / 2,
        y: y + (viewport.height - before.height) / 2,
        zoom,
      },
      'size',
    )
  }

  /** Shows what somebody else looks at; subscribers hear `shown`, so that it is not taken for the person's own wish. */
  show(view: View): void {
    this.#finishGlide()
    this.#set(view, 'shown')
  }

  pan(dx: number, dy: number): void {
    this.#touched = true
    this.#finishGlide()
    this.#set(panBy(this.#view, dx, dy, this.#viewport))
  }

  zoomTo(zoom: number, anchor: Point, glide = false): void {
    this.#touched = true
    // repeated presses add up from where the glide is going, not from where it happens to be
    const from = glide ? (this.#target ?? this.#view) : this.#view
    const next = zoomAt(from, anchor, zoom, this.#viewport)
    if (glide) this.glideTo(next)
    else {
      this.#finishGlide()
      this.#set(next)
    }
  }

  zoomBy(factor: number): void {
    const { width, height } = this.#viewport
    this.zoomTo((this.#target ?? this.#view).zoom * factor, { x: width / 2, y: height / 2 }, true)
  }

  /** Shows `rect` whole, the world by default. */
  fit(rect: Rect = WORLD, options: FitOptions = {}): void {
    const { width, height } = this.#viewport
    const clear = { width, height: Math.max(1, height - (options.bottom ?? 0)) }
    const next = fitRect(rect, clear, options.padding ?? 0)
    if (options.glide) this.glideTo(next)
    else {
      this.#finishGlide()
      this.#set(next)
    }
  }

  glideTo(target: View): void {
    cancelAnimationFrame(this.#frame)
    if (this.#reducedMotion()) {
      this.#target = undefined
      this.#set(target)
      return
    }
    const from = this.#view
    const start = performance.now()
    this.#target = target
    const step = (now: number): void => {
      const t = Math.min(1, Math.max(0, (now - start) / GLIDE_MS))
      const eased = 1 - (1 - t) ** 3
      if (t < 1) this.#frame = requestAnimationFrame(step)
      else this.#target = undefined
      this.#set(t < 1 ? between(from, target, eased) : target)
    }
    this.#frame = requestAnimationFrame(step)
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    this.#target = undefined
    this.#listeners.clear()
  }

  #finishGlide(): void {
    cancelAnimationFrame(this.#frame)
    this.#target = undefined
  }

  #set(view: View, cause: ViewCause = 'own'): void {
    if (view.x === this.#view.x && view.y === this.#view.y && view.zoom === this.#view.zoom) return
    this.#view = view
    for (const listener of this.#listeners) listener(view, cause)
  }
}

function between(a: View, b: View, t: number): View {
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t, zoom: a.zoom + (b.zoom - a.zoom) * t }
}
