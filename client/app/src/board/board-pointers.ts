import type { BoardController } from './board-state.ts'
import { CardDrag } from './card-drag.ts'
import { cardIdOf } from './card-elements.ts'
import { CardResize, type Handle, HANDLES } from './card-resize.ts'
import type { Drag } from './drag.ts'
import { inside } from './inside.ts'
import { SelectionBox } from './selection-box.ts'
import { type Point, toWorld } from './view.ts'

/** What the pointers do to the board at this moment. */
type Gesture =
  | { readonly state: 'idle' }
  | { readonly state: 'pressed'; readonly pointer: number; readonly at: Point; readonly on: PressedOn }
  | { readonly state: 'panning'; readonly pointer: number; last: Point }
  | { readonly state: 'dragging'; readonly pointer: number; readonly drag: Drag }
  | { readonly state: 'pinching'; last: Pinch }
  /** A pinch lost a finger, or a drag was cancelled: nothing until all have lifted. */
  | { readonly state: 'spent' }

interface PressedOn {
  readonly id: string | undefined
  readonly handle: Handle | undefined
  readonly touch: boolean
  /** The middle button, Space or the hand tool: pans whatever lies under it. */
  readonly pans: boolean
  /** Shift, Ctrl or Cmd: adds to the selection. */
  readonly adds: boolean
  readonly alt: boolean
  /** The card was selected before this press, and alone. */
  readonly wasAlone: boolean
}

interface Pinch {
  readonly middle: Point
  readonly distance: number
}

/** A pointer that moves less than this is a press, in pixels; a finger is less steady. */
const DRAG_THRESHOLD_PX = { mouse: 3, touch: 8 } as const
/** Fingers closer than this would make zooms of noise, in pixels. */
const MIN_PINCH_PX = 10
/** So long a finger rests for a selection box, or to add a card to the selection. Android's own figure. */
const LONG_PRESS_MS = 500
/** Two taps closer than this are one double tap. */
const DOUBLE_TAP_MS = 350
const DOUBLE_TAP_PX = 24

/**
 * Presses, drags and pinches on the board, as one state machine: a mouse draws selection boxes and drags cards, a finger
 * pans and drags cards, resting first it draws boxes; two fingers pinch and carry, Esc takes a drag back. Two gestures
 * cannot run at once, whichever element they began on.
 */
export class BoardPointers {
  readonly #element: HTMLElement
  readonly #board: BoardController
  readonly #box: HTMLElement
  readonly #onPanning: (active: boolean) => void
  readonly #pointers = new Map<number, Point>()
  readonly #cleanups: (() => void)[] = []
  #gesture: Gesture = { state: 'idle' }
  #longPress: ReturnType<typeof setTimeout> | undefined
  #lastTap: { readonly at: Point; readonly time: number } | undefined
  #isTouch = false

  /** While true (Space is held), every drag pans. */
  spaceHeld = false

  /** @param box the element that draws the selection box. */
  constructor(
    element: HTMLElement,
    board: BoardController,
    box: HTMLElement,
    onPanning: (active: boolean) => void,
  ) {
    this.#element = element
    this.#board = board
    this.#box = box
    this.#onPanning = onPanning
    this.#listen(element, 'pointerdown', (event) => this.#down(event))
    this.#listen(element, 'dblclick', (event) => this.#doubleClick(event))
    this.#listen(element, 'contextmenu', (event) => {
      // a menu under a resting finger would take the finger away
      if (this.#isTouch) event.preventDefault()
    })
    this.#listen(window, 'pointermove', (event) => this.#move(event))
    this.#listen(window, 'pointerup', (event) => this.#up(event))
    this.#listen(window, 'pointercancel', (event) => this.#lost(event))
  }

  /** Whether a pointer is down: focus that moves then was not moved by keys. */
  get isPressing(): boolean {
    return this.#pointers.size > 0
  }

  /** Takes a drag back. Returns whether there was one. */
  cancel(): boolean {
    if (this.#gesture.state !== 'dragging') return false
    this.#enter({ state: 'spent' })
    return true
  }

  destroy(): void {
    this.#enter({ state: 'idle' })
    clearTimeout(this.#longPress)
    for (const cleanup of this.#cleanups) cleanup()
  }

  #down(event: PointerEvent): void {
    if (!(event.target instanceof Element) || event.target.closest('[data-board-control], textarea') !== null)
      return
    this.#isTouch = event.pointerType === 'touch'
    // a finger's press is followed by mouse events for old pages: they would take the focus out of a card just opened
    if (this.#isTouch) event.preventDefault()
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
    const { tool, selection } = this.#board.state
    const id = cardIdOf(event.target)
    const pressed: Gesture = {
      state: 'pressed',
      pointer: event.pointerId,
      at,
      on: {
        id,
        handle: handleOf(event.target),
        touch: this.#isTouch,
        pans: event.button === 1 || this.spaceHeld || tool === 'hand',
        adds: event.shiftKey || event.ctrlKey || event.metaKey,
        alt: event.altKey,
        wasAlone: selection.length === 1 && selection[0] === id,
      },
    }
    this.#enter(pressed)
    if (this.#isTouch && tool === 'select') {
      this.#longPress = setTimeout(() => this.#rested(pressed), LONG_PRESS_MS)
    }
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
        if (event.pointerId === gesture.pointer) gesture.drag.move(this.#toWorld(at))
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
    const threshold = on.handle === undefined ? DRAG_THRESHOLD_PX[on.touch ? 'touch' : 'mouse'] : 0
    if (Math.hypot(at.x - pressed.at.x, at.y - pressed.at.y) < threshold) return
    const drag = on.pans || this.#board.state.tool !== 'select' ? undefined : this.#dragOf(pressed)
    if (drag === undefined) {
      this.#board.view.pan(at.x - pressed.at.x, at.y - pressed.at.y)
      this.#enter({ state: 'panning', pointer, last: at })
      return
    }
    drag.move(this.#toWorld(at))
    this.#enter({ state: 'dragging', pointer, drag })
  }

  /** What a drag from here has in hand; held where it was pressed, so that the threshold is no jump. */
  #dragOf({ on, at }: Extract<Gesture, { state: 'pressed' }>): Drag | undefined {
    const board = this.#board
    const grip = this.#toWorld(at)
    const card = on.id === undefined ? undefined : board.cards.get(on.id)
    if (card === undefined) return on.touch ? undefined : new SelectionBox(board, this.#box, grip, on.adds)
    // a card that cannot be moved is part of the board
    if (board.state.readOnly) return undefined
    board.beginStep()
    if (on.handle !== undefined) return new CardResize(board, card, on.handle, grip)
    if (!board.isSelected(card.id)) board.select(on.adds ? [...board.state.selection, card.id] : [card.id])
    board.stopEditing()
    if (on.alt) {
      board.select(board.cards.duplicateMany(board.state.selection, [0, 0]))
      board.announcements.say('Dragging a copy')
    }
    return new CardDrag(board, board.selectedCards, grip)
  }

  /** A finger that rested: on a card it adds to the selection, on the empty board it draws a box. */
  #rested(pressed: Extract<Gesture, { state: 'pressed' }>): void {
    if (this.#gesture !== pressed) return
    const { on, pointer, at } = pressed
    navigator.vibrate?.(10)
    if (on.id === undefined) {
      const drag = new SelectionBox(this.#board, this.#box, this.#toWorld(at), false)
      this.#enter({ state: 'dragging', pointer, drag })
      return
    }
    this.#board.toggle(on.id)
    this.#enter({ state: 'spent' })
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
  #press({ id, touch, adds, wasAlone }: PressedOn, at: Point): void {
    const board = this.#board
    if (board.state.tool === 'card') board.createAt(at)
    else if (id === undefined) {
      if (!adds) board.select([])
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      if (touch && this.#isDoubleTap(at)) board.createAt(at)
    } else if (adds) board.toggle(id)
    // the first tap selected it
    else if (touch && wasAlone) board.edit(id)
    else {
      board.select([id])
      if (touch) board.elements.focus(id)
    }
  }

  #doubleClick(event: MouseEvent): void {
    const { target } = event
    const board = this.#board
    if (this.#isTouch || board.state.tool !== 'select' || !(target instanceof Element)) return
    if (target.closest('[data-board-control], textarea') !== null || event.shiftKey) return
    const id = cardIdOf(target)
    if (id === undefined) board.createAt(this.#inside(event))
    else board.edit(id)
  }

  #isDoubleTap(at: Point): boolean {
    const last = this.#lastTap
    const time = performance.now()
    const isDouble =
      last !== undefined &&
      time - last.time < DOUBLE_TAP_MS &&
      Math.hypot(at.x - last.at.x, at.y - last.at.y) < DOUBLE_TAP_PX
    this.#lastTap = isDouble ? undefined : { at, time }
    return isDouble
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
    clearTimeout(this.#longPress)
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

  #toWorld(at: Point): Point {
    return toWorld(this.#board.view.view, at)
  }

  #inside(event: MouseEvent): Point {
    return inside(this.#element, [event.clientX, event.clientY])
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

function handleOf(target: Element): Handle | undefined {
  const name = target.closest<HTMLElement>('[data-resize]')?.dataset['resize']
  return HANDLES.find((handle) => handle === name)
}
