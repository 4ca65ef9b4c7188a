import type { BoardController } from './board-state.ts'
import { CardDrag } from './card-drag.ts'
import { type Point, toWorld } from './view.ts'

/** What the pointers do to the board at this moment. */
type Gesture =
  | { readonly state: 'idle' }
  | { readonly state: 'pressed'; readonly pointer: number; readonly at: Point; readonly on: PressedOn }
  | { readonly state: 'panning'; readonly pointer: number; last: Point }
  | { readonly state: 'dragging'; readonly pointer: number; readonly drag: CardDrag }
  | { readonly state: 'pinching'; last: Pinch }
  /** A pinch lost a finger, or a drag was cancelled: nothing until all have lifted. */
  | { readonly state: 'spent' }

interface PressedOn {
  readonly kind: 'card' | 'board'
  readonly card: HTMLElement | undefined
  readonly touch: boolean
  /** The middle button, Space or the hand tool: pans whatever lies under it. */
  readonly pans: boolean
}

interface Pinch {
  readonly middle: Point
  readonly distance: number
}

/** A pointer that moves less than this is a press, in pixels; a finger is less steady. */
const DRAG_THRESHOLD_PX = { mouse: 3, touch: 8 } as const
/** Fingers closer than this would make zooms of noise, in pixels. */
const MIN_PINCH_PX = 10

/**
 * Presses, drags and pinches on the board, as one state machine: one finger or button pans or drags a card, two fingers
 * pinch and carry, Esc takes a drag back. Two gestures cannot run at once, whichever element they began on.
 */
export class BoardPointers {
  readonly #element: HTMLElement
  readonly #board: BoardController
  readonly #onPanning: (active: boolean) => void
  readonly #pointers = new Map<number, Point>()
  readonly #cleanups: (() => void)[] = []
  #gesture: Gesture = { state: 'idle' }
  #spaceHeld = false

  constructor(element: HTMLElement, board: BoardController, onPanning: (active: boolean) => void) {
    this.#element = element
    this.#board = board
    this.#onPanning = onPanning
    this.#listen(element, 'pointerdown', (event) => this.#down(event))
    this.#listen(window, 'pointermove', (event) => this.#move(event))
    this.#listen(window, 'pointerup', (event) => this.#up(event))
    this.#listen(window, 'pointercancel', (event) => this.#lost(event))
    this.#listen(window, 'keydown', (event) => {
      if (event.key === 'Escape' && this.#gesture.state === 'dragging') this.#enter({ state: 'spent' })
    })
  }

  /** While Space is held, every drag pans. */
  set spaceHeld(held: boolean) {
    this.#spaceHeld = held
  }

  destroy(): void {
    this.#enter({ state: 'idle' })
    for (const cleanup of this.#cleanups) cleanup()
  }

  #down(event: PointerEvent): void {
    if (!(event.target instanceof Element) || event.target.closest('[data-board-control], textarea') !== null)
      return
    // a finger's press is followed by mouse events for old pages: they would take the focus out of a card just opened
    if (event.pointerType === 'touch') event.preventDefault()
    const at = this.#inside(event)
    this.#pointers.set(event.pointerId, at)
    const pinch = this.#pinch()
    if (pinch !== undefined) {
      this.#enter({ state: 'pinching', last: pinch })
      return
    }
    if (this.#gesture.state !== 'idle' || event.button > 1) return
    // the middle button would start the browser's own scrolling
    if (event.button === 1) event.preventDefault()
    const card = event.target.closest<HTMLElement>('[data-card-id]') ?? undefined
    this.#enter({
      state: 'pressed',
      pointer: event.pointerId,
      at,
      on: {
        kind: card === undefined ? 'board' : 'card',
        card,
        touch: event.pointerType === 'touch',
        pans: event.button === 1 || this.#spaceHeld || this.#board.state.tool === 'hand',
      },
    })
  }

  #move(event: PointerEvent): void {
    if (!this.#pointers.has(event.pointerId)) return
    const at = this.#inside(event)
    this.#pointers.set(event.pointerId, at)
    const gesture = this.#gesture
    switch (gesture.state) {
      case 'pressed':
        if (event.pointerId === gesture.pointer) this.#begin(gesture, at)
        break
      case 'panning':
        if (event.pointerId !== gesture.pointer) break
        this.#board.view.pan(at.x - gesture.last.x, at.y - gesture.last.y)
        gesture.last = at
        break
      case 'dragging':
        if (event.pointerId === gesture.pointer) gesture.drag.move(toWorld(this.#board.view.view, at))
        break
      case 'pinching': {
        const pinch = this.#pinch()
        if (pinch === undefined) break
        const { view } = this.#board
        view.pan(pinch.middle.x - gesture.last.middle.x, pinch.middle.y - gesture.last.middle.y)
        view.zoomTo((view.view.zoom * pinch.distance) / gesture.last.distance, pinch.middle)
        gesture.last = pinch
        break
      }
      case 'idle':
      case 'spent':
        break
    }
  }

  #begin(pressed: Extract<Gesture, { state: 'pressed' }>, at: Point): void {
    const { on, pointer } = pressed
    const threshold = DRAG_THRESHOLD_PX[on.touch ? 'touch' : 'mouse']
    if (Math.hypot(at.x - pressed.at.x, at.y - pressed.at.y) < threshold) return
    const id = on.card?.dataset['cardId']
    const board = this.#board
    if (on.card !== undefined && id !== undefined && !on.pans && board.state.tool === 'select') {
      board.beginStep()
      board.grab(id)
      // held where it was pressed: the threshold is no jump
      const drag = new CardDrag(board.cards, id, on.card, toWorld(board.view.view, pressed.at))
      drag.move(toWorld(board.view.view, at))
      this.#enter({ state: 'dragging', pointer, drag })
      return
    }
    board.view.pan(at.x - pressed.at.x, at.y - pressed.at.y)
    this.#enter({ state: 'panning', pointer, last: at })
  }

  #up(event: PointerEvent): void {
    const at = this.#pointers.get(event.pointerId)
    if (at === undefined) return
    const gesture = this.#gesture
    if (gesture.state === 'pressed' && event.pointerId === gesture.pointer && !gesture.on.pans) {
      this.#press(gesture.on, at)
    }
    this.#lift(event.pointerId)
  }

  /** A press that was no drag. */
  #press({ card, touch }: PressedOn, at: Point): void {
    const board = this.#board
    const id = card?.dataset['cardId']
    if (board.state.tool === 'card') board.createAt(at)
    else if (id === undefined) {
      board.select(undefined)
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    } else if (touch && board.state.selected === id && card?.dataset['pressed'] !== undefined) board.edit(id)
    else {
      board.grab(id)
      if (touch) card?.focus({ preventScroll: true })
      // the focus came with the press and selected the card: only a second press opens it
      if (card !== undefined) card.dataset['pressed'] = ''
    }
  }

  #lost(event: PointerEvent): void {
    if (this.#gesture.state === 'dragging' && this.#gesture.pointer === event.pointerId)
      this.#enter({ state: 'spent' })
    this.#lift(event.pointerId)
  }

  #lift(pointerId: number): void {
    this.#pointers.delete(pointerId)
    const gesture = this.#gesture
    if (gesture.state === 'dragging' && gesture.pointer === pointerId) {
      gesture.drag.end()
      this.#gesture = { state: 'idle' }
    }
    if (this.#pointers.size === 0) this.#enter({ state: 'idle' })
    else if (gesture.state === 'pinching') this.#enter({ state: 'spent' })
  }

  /** Every change of gesture goes through here; a drag that is left without its end is taken back. */
  #enter(next: Gesture): void {
    const before = this.#gesture
    this.#gesture = next
    if (before.state === 'dragging') before.drag.cancel()
    const wasPanning = before.state === 'panning'
    const isPanning = next.state === 'panning'
    if (wasPanning !== isPanning) this.#onPanning(isPanning)
  }

  /** The first two pointers as middle and distance. */
  #pinch(): Pinch | undefined {
    const [a, b] = [...this.#pointers.values()]
    if (a === undefined || b === undefined) return undefined
    return {
      middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
      distance: Math.max(MIN_PINCH_PX, Math.hypot(a.x - b.x, a.y - b.y)),
    }
  }

  #inside(event: PointerEvent): Point {
    const box = this.#element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  #listen<K extends keyof WindowEventMap>(
    target: HTMLElement | Window,
    type: K,
    run: (event: WindowEventMap[K]) => void,
  ): void {
    const listener = (event: Event): void => run(event as WindowEventMap[K])
    target.addEventListener(type, listener)
    this.#cleanups.push(() => target.removeEventListener(type, listener))
  }
}
