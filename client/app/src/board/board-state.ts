import type { Cards } from '@roomful/provider'
import type { CardColor } from '@roomful/shared'
import {
  boundsOf,
  bringClose,
  clamp,
  clampToWorld,
  type Point,
  type Rect,
  type Size,
  toWorld,
  WORLD,
} from './view.ts'
import type { ViewStore } from './view-store.ts'

/** What the pointer does on the board. `card` puts one card down and goes back to `select`. */
export type Tool = 'select' | 'hand' | 'card'

/** What of the board one person has in hand; nobody else sees it but through presence. */
export interface BoardState {
  readonly tool: Tool
  readonly selected: string | undefined
  /** The selected card's text is being written. */
  readonly editing: boolean
}

/** A card as it is made, in board units. */
export const CARD_SIZE: Size = { width: 288, height: 176 }
/** Below so many pixels per unit a card's text is too small to write in. */
export const READABLE_ZOOM = 0.72
/** So far from the board's edge a card under edit stays, in pixels: its bar stands above it. */
const EDIT_PADDING_PX = 64

/**
 * The board's own state and what people can do with it, outside React, so that gestures and keys work on one thing.
 */
export class BoardController {
  readonly view: ViewStore
  readonly cards: Cards
  readonly #listeners = new Set<() => void>()
  readonly #stopCapturing: () => void
  #state: BoardState = { tool: 'select', selected: undefined, editing: false }
  #color: CardColor = 'sand'

  constructor(view: ViewStore, cards: Cards, stopCapturing: () => void) {
    this.view = view
    this.cards = cards
    this.#stopCapturing = stopCapturing
  }

  get state(): BoardState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setTool(tool: Tool): void {
    this.#set({ tool, ...(tool === 'select' ? {} : { selected: undefined, editing: false }) })
  }

  /** Another step of undo begins here. */
  beginStep(): void {
    this.#stopCapturing()
  }

  select(id: string | undefined): void {
    if (id === this.#state.selected) return
    this.#set({ selected: id, editing: false })
  }

  /** Takes a card in hand: selected, and in front of the others. */
  grab(id: string): void {
    this.select(id)
    this.cards.bringToFront(id)
  }

  edit(id: string): void {
    this.beginStep()
    this.#set({ selected: id, editing: true, tool: 'select' })
  }

  stopEditing(): void {
    if (this.#state.editing) this.#set({ editing: false })
  }

  /** Puts a new card with its middle at `at` (pixels; the middle of the view by default) and opens it for writing. */
  createAt(at: Point = { x: this.view.viewport.width / 2, y: this.view.viewport.height / 2 }): string {
    const middle = toWorld(this.view.view, at)
    const pos = clampToWorld(
      { x: middle.x - CARD_SIZE.width / 2, y: middle.y - CARD_SIZE.height / 2 },
      CARD_SIZE,
    )
    this.beginStep()
    const id = this.cards.create({ ...pos, size: [CARD_SIZE.width, CARD_SIZE.height], color: this.#color })
    this.edit(id)
    return id
  }

  setColor(id: string, color: CardColor): void {
    this.#color = color
    this.beginStep()
    this.cards.setColor(id, color)
  }

  duplicate(id: string): void {
    this.beginStep()
    const copy = this.cards.duplicate(id)
    if (copy !== undefined) this.select(copy)
  }

  remove(id: string): void {
    this.beginStep()
    this.cards.remove(id)
    if (this.#state.selected === id) this.select(undefined)
  }

  /** Shows every card, or the whole world where there is none. */
  fitAll(glide: boolean): void {
    const rects = this.cards.ordered.map(({ pos, size }) => ({
      x: pos[0],
      y: pos[1],
      width: size[0],
      height: size[1],
    }))
    const bounds = boundsOf(rects)
    const { width } = this.view.viewport
    this.view.fit(bounds ?? WORLD, { glide, padding: bounds ? clamp(width / 12, 24, 96) : 0 })
  }

  /** Moves a card by board units, inside the world. */
  nudge(id: string, dx: number, dy: number): void {
    const card = this.cards.get(id)
    if (card === undefined) return
    const pos = clampToWorld(
      { x: card.pos[0] + dx, y: card.pos[1] + dy },
      { width: card.size[0], height: card.size[1] },
    )
    this.cards.move(id, [pos.x, pos.y])
  }

  /** Brings what is written in close enough to read. */
  showForEditing(rect: Rect): void {
    const { view, viewport } = this.view
    const padding = Math.min(EDIT_PADDING_PX, viewport.width / 12)
    const close = bringClose(view, rect, READABLE_ZOOM, viewport, padding)
    if (close !== view) this.view.glideTo(close)
    this.view.hold()
  }

  #set(patch: Partial<BoardState>): void {
    this.#state = { ...this.#state, ...patch }
    for (const listener of this.#listeners) listener()
  }
}
