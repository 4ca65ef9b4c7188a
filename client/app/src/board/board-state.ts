import type { Cards, Undo } from '@roomful/provider'
import { Announcements } from './announcements.ts'
import { CardElements } from './card-elements.ts'
import {
  bringClose,
  clamp,
  clampToWorld,
  boundsOf,
  isWhole,
  type Point,
  type Rect,
  type Size,
  toWorld,
  WORLD,
} from './view.ts'
import type { ViewStore } from './view-store.ts'
import type { Card, CardColor } from '@roomful/shared'

/** What the pointer does on the board. `card` puts one card down and goes back to `select`. */
export type Tool = 'select' | 'hand' | 'card'

/** What of the board one person has in hand; nobody else sees it but through presence. */
export interface BoardState {
  readonly tool: Tool
  /** Ids of selected cards, each once, in the order they were picked. */
  readonly selection: readonly string[]
  /** The card whose text is being written: it alone is selected then. */
  readonly editing: string | undefined
  /** Nothing of the room can be changed from here. */
  readonly readOnly: boolean
}

/** A card as it is made, in board units. */
export const CARD_SIZE: Size = { width: 288, height: 176 }
/** Below so many pixels per unit a card's text is too small to write in. */
export const READABLE_ZOOM = 0.72
/** So far from the board's edge a card under edit stays, in pixels: its bar stands above it. */
const EDIT_PADDING_PX = 64
/** The tools stand over so much of the board's lower edge, less the padding there is anyway. */
const TOOLS_PX = 40
const NONE: readonly string[] = []

/** What the board needs of a room. */
export interface BoardRoom {
  readonly cards: Cards
  readonly undo: Pick<Undo, 'stopCapturing' | 'undo' | 'redo' | 'manager'>
}

/**
 * The board's own state, outside React, so that gestures and keys work on one thing. What can be done with the selection
 * stands in `card-commands.ts`.
 */
export class BoardController {
  readonly view: ViewStore
  readonly cards: Cards
  readonly history: BoardRoom['undo']
  readonly elements: CardElements = new CardElements()
  readonly announcements: Announcements = new Announcements()
  /** The paper the next card is made of: the last one chosen. */
  paper: CardColor = 'sand'
  readonly #listeners = new Set<() => void>()
  #state: BoardState = {
    tool: 'select',
    selection: NONE,
    editing: undefined,
    readOnly: false,
  }

  constructor(view: ViewStore, room: BoardRoom) {
    this.view = view
    this.cards = room.cards
    this.history = room.undo
  }

  get state(): BoardState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setTool(tool: Tool): void {
    this.#set({ tool, ...(tool === 'select' ? {} : { selection: NONE, editing: undefined }) })
  }

  /** What is being written or drawn is let go of; what is selected stays. */
  setReadOnly(readOnly: boolean): void {
    if (readOnly === this.#state.readOnly) return
    const tool = readOnly && this.#state.tool === 'card' ? 'select' : this.#state.tool
    this.#set({ readOnly, tool, ...(readOnly && { editing: undefined }) })
  }

  /** Another step of undo begins here. */
  beginStep(): void {
    this.history.stopCapturing()
  }

  isSelected(id: string): boolean {
    return this.#state.selection.includes(id)
  }

  /** Selects exactly these. */
  select(ids: readonly string[]): void {
    const { selection, editing } = this.#state
    if (editing === undefined && ids.length === selection.length && ids.every((id, n) => id === selection[n]))
      return
    if (editing !== undefined && ids.length === 1 && ids[0] === editing) return
    this.#set({ selection: ids.length === 0 ? NONE : [...new Set(ids)], editing: undefined })
  }

  /** Adds a card to the selection, or takes it out. */
  toggle(id: string): void {
    const { selection } = this.#state
    this.select(this.isSelected(id) ? selection.filter((other) => other !== id) : [...selection, id])
  }

  /** The selected cards that still exist, the backmost first. */
  get selectedCards(): readonly Card[] {
    const { selection } = this.#state
    if (selection.length === 0) return []
    const wanted = new Set(selection)
    return this.cards.ordered.filter(({ id }) => wanted.has(id))
  }

  /** Somebody deleted cards: what is gone is neither selected nor written any more. */
  forgetGone(): void {
    const { selection, editing } = this.#state
    const left = selection.filter((id) => this.cards.get(id) !== undefined)
    const isEditing = editing !== undefined && this.cards.get(editing) !== undefined
    if (left.length === selection.length && isEditing === (editing !== undefined)) return
    this.#set({ selection: left, editing: isEditing ? editing : undefined })
  }

  edit(id: string): void {
    if (this.#state.readOnly || this.#state.editing === id || this.cards.get(id) === undefined) return
    this.beginStep()
    this.#set({ selection: [id], editing: id, tool: 'select' })
  }

  stopEditing(): void {
    if (this.#state.editing !== undefined) this.#set({ editing: undefined })
  }

  /** Puts a new card with its middle at `at` (pixels; the middle of the view by default) and opens it for writing. */
  createAt(at: Point = { x: this.view.viewport.width / 2, y: this.view.viewport.height / 2 }): void {
    if (this.#state.readOnly) return
    const middle = toWorld(this.view.view, at)
    const pos = clampToWorld(
      { x: middle.x - CARD_SIZE.width / 2, y: middle.y - CARD_SIZE.height / 2 },
      CARD_SIZE,
    )
    this.beginStep()
    const id = this.cards.create({ ...pos, size: [CARD_SIZE.width, CARD_SIZE.height], color: this.paper })
    this.edit(id)
  }

  /** Shows every card, or the whole world where there is none. */
  fitAll(glide: boolean): void {
    this.fit(this.cards.ordered, glide)
  }

  /** Shows every card, unless all of them are in sight as it is. */
  showAll(): void {
    const bounds = boundsOf(this.cards.ordered.map(rectOf))
    const { view, viewport } = this.view
    const clear = { width: viewport.width, height: Math.max(1, viewport.height - TOOLS_PX) }
    if (bounds !== undefined && !isWhole(view, bounds, clear)) this.fitAll(true)
  }

  /** Shows these cards, or the whole world for none. */
  fit(cards: readonly Card[], glide: boolean): void {
    const bounds = boundsOf(cards.map(rectOf))
    const { width } = this.view.viewport
    if (bounds === undefined) this.view.fit(WORLD, { glide })
    else this.view.fit(bounds, { glide, padding: clamp(width / 12, 24, 96), bottom: TOOLS_PX })
  }

  /** Brings what is written in close enough to read. */
  showForEditing(rect: Rect): void {
    this.#show(rect, READABLE_ZOOM)
    this.view.hold()
  }

  /** Moves the view so far that a card stands in it. */
  reveal(id: string): void {
    const card = this.cards.get(id)
    if (card !== undefined) this.#show(rectOf(card), 0)
  }

  #show(rect: Rect, readableZoom: number): void {
    const { view, viewport } = this.view
    const padding = Math.min(EDIT_PADDING_PX, viewport.width / 12)
    const clear = { width: viewport.width, height: Math.max(1, viewport.height - TOOLS_PX) }
    const close = bringClose(view, rect, readableZoom, clear, padding)
    if (close !== view) this.view.glideTo(close)
  }

  #set(patch: Partial<BoardState>): void {
    this.#state = { ...this.#state, ...patch }
    for (const listener of this.#listeners) listener()
  }
}

/** A card's place as a rectangle, board units. */
export function rectOf({ pos, size }: Pick<Card, 'pos' | 'size'>): Rect {
  return { x: pos[0], y: pos[1], width: size[0], height: size[1] }
}
