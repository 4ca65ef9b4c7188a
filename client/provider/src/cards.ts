import { parseCard, roomDoc, type Card, type CardColor } from '@roomful/shared'
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'
import * as Y from 'yjs'
import { isOrder, newOrders, type OrderStep } from './card-order.ts'
import { Listeners } from './listeners.ts'
import { LOCAL_ORIGIN } from './local-origin.ts'
import { presenceOf } from './presence-of.ts'
import { randomId } from './random-id.ts'
import type { RoomContext } from './room-context.ts'

/** A pair of board units. */
export type Pair = readonly [number, number]

/** What a new card may be given; the rest has defaults. */
export interface NewCard {
  /** Left edge, board units. */
  readonly x: number
  /** Top edge, board units. */
  readonly y: number
  readonly size?: Pair | undefined
  readonly color?: CardColor | undefined
  readonly text?: string | undefined
}

/** What changes of one card; what is left out stays. */
export interface CardChange {
  readonly id: string
  readonly pos?: Pair | undefined
  readonly size?: Pair | undefined
  readonly color?: CardColor | undefined
}

/** A card made without a size, board units. */
export const DEFAULT_CARD_SIZE: Pair = [240, 160]
/** A duplicate lies so far right of and below its original, board units. */
const DUPLICATE_OFFSET = 24

/**
 * The room's cards. `byId` and `ordered` keep their reference until a card changed, and each unchanged card keeps its
 * object. A card's `text` is the live shared text: its edits change no snapshot, observe the text itself.
 *
 * @example
 * const cards = new Cards(provider)
 * const id = cards.create({ x: 100, y: 80, text: 'Ship it' })
 * cards.move(id, [300, 200])
 */
export class Cards {
  readonly #room: RoomContext
  readonly #map: Y.Map<unknown>
  readonly #listeners = new Listeners()
  #byId: ReadonlyMap<string, Card>
  #ordered: readonly Card[] | undefined

  constructor(room: RoomContext) {
    this.#room = room
    this.#map = roomDoc(room.doc).cards
    this.#byId = new Map([...this.#map.keys()].flatMap((id) => this.#entry(id)))
    this.#map.observeDeep(this.#onChange)
  }

  /** Every card by its id. What a foreign client left that is no card is not in it. */
  get byId(): ReadonlyMap<string, Card> {
    return this.#byId
  }

  /** Every card, the backmost first. Equal orders (two people at once) go by id. */
  get ordered(): readonly Card[] {
    this.#ordered ??= [...this.#byId.values()].sort(compareCards)
    return this.#ordered
  }

  get(id: string): Card | undefined {
    return this.#byId.get(id)
  }

  /** Makes a card in front of all others. Returns its id. */
  create(card: NewCard): string {
    const id = randomId()
    this.#transact(() => {
      const text = new Y.Text(card.text ?? '')
      this.#insert(id, {
        pos: [card.x, card.y],
        size: card.size ?? DEFAULT_CARD_SIZE,
        text,
        color: card.color ?? 'sand',
        order: this.#frontOrder(),
        createdBy: this.#selfId(),
      })
    })
    return id
  }

  /** Moves a card's top left corner, board units. Call at most every 50 ms while dragging, and on release. */
  move(id: string, pos: Pair): void {
    this.#set(id, 'pos', [pos[0], pos[1]])
  }

  /** Sets a card's width and height, board units. */
  resize(id: string, size: Pair): void {
    this.#set(id, 'size', [size[0], size[1]])
  }

  setColor(id: string, color: CardColor): void {
    this.#set(id, 'color', color)
  }

  bringToFront(id: string): void {
    if (this.ordered.at(-1)?.id !== id) this.#set(id, 'order', this.#frontOrder())
  }

  sendToBack(id: string): void {
    if (this.ordered[0]?.id !== id) this.#set(id, 'order', this.#backOrder())
  }

  /** Moves, resizes or recolours several cards as one change. */
  change(changes: Iterable<CardChange>): void {
    this.#transact(() => {
      for (const { id, pos, size, color } of changes) {
        const card = this.#map.get(id)
        if (!(card instanceof Y.Map)) continue
        if (pos !== undefined) card.set('pos', [pos[0], pos[1]])
        if (size !== undefined) card.set('size', [size[0], size[1]])
        if (color !== undefined) card.set('color', color)
      }
    })
  }

  /**
   * Moves cards in the stack, as one change: past the next card they overlap, or past all.
   *
   * @returns whether anything had to move
   */
  reorder(ids: Iterable<string>, step: OrderStep): boolean {
    const orders = newOrders(this.ordered, new Set(ids), step)
    if (orders.size > 0) this.#transact(() => orders.forEach((order, id) => this.#set(id, 'order', order)))
    return orders.size > 0
  }

  remove(id: string): void {
    if (this.#map.has(id)) this.#transact(() => this.#map.delete(id))
  }

  /**
   * Takes several cards out as one change.
   *
   * @returns puts back those of them that are still gone, with the text they had; once.
   */
  removeMany(ids: Iterable<string>): () => void {
    const gone = [...ids].flatMap((id) => this.#byId.get(id) ?? [])
    const kept = gone.map((card) => ({ ...card, text: card.text.clone() }))
    this.#transact(() => gone.forEach(({ id }) => this.#map.delete(id)))
    return () => {
      const missing = kept.splice(0).filter(({ id }) => !this.#map.has(id))
      if (missing.length > 0) this.#transact(() => missing.forEach((card) => this.#insert(card.id, card)))
    }
  }

  /** Copies a card, text formats included, a little to the right and below. Returns the copy's id. */
  duplicate(id: string): string | undefined {
    return this.duplicateMany([id])[0]
  }

  /**
   * Copies several cards in front of all, in their own sequence, as one change.
   *
   * @param offset how far from the originals, board units
   * @returns the copies' ids, the backmost first
   */
  duplicateMany(ids: Iterable<string>, offset: Pair = [DUPLICATE_OFFSET, DUPLICATE_OFFSET]): string[] {
    const wanted = new Set(ids)
    const originals = this.ordered.filter(({ id }) => wanted.has(id))
    const orders = generateNKeysBetween(this.#lastOrder(), null, originals.length)
    const copies = originals.map((card, n) => ({
      ...card,
      id: randomId(),
      pos: [card.pos[0] + offset[0], card.pos[1] + offset[1]] satisfies Pair,
      text: card.text.clone(),
      order: orders[n] ?? card.order,
      createdBy: this.#selfId(),
    }))
    if (copies.length > 0) this.#transact(() => copies.forEach((card) => this.#insert(card.id, card)))
    return copies.map(({ id }) => id)
  }

  /** Called when `byId` changed. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  /** Stops listening to the document. Idempotent. */
  destroy(): void {
    this.#map.unobserveDeep(this.#onChange)
    this.#listeners.clear()
  }

  readonly #onChange = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    const ids = new Set<string>()
    for (const event of events) {
      const id = event.path[0]
      if (id === undefined) for (const key of event.keys.keys()) ids.add(key)
      // deeper than the card itself is its text, which snapshots do not hold
      else if (event.path.length === 1) ids.add(String(id))
    }
    if (ids.size === 0) return
    const next = new Map(this.#byId)
    for (const id of ids) {
      next.delete(id)
      for (const [, card] of this.#entry(id)) next.set(id, card)
    }
    const isRestacked = [...ids].some((id) => this.#byId.get(id)?.order !== next.get(id)?.order)
    this.#byId = next
    // a drag in a big room sorts nothing
    this.#ordered = isRestacked ? undefined : this.#ordered?.map((card) => next.get(card.id) ?? card)
    this.#listeners.call()
  }

  #entry(id: string): [string, Card][] {
    const card = parseCard(id, this.#map.get(id))
    return card === undefined ? [] : [[id, card]]
  }

  #insert(id: string, { pos, size, text, color, order, createdBy }: Omit<Card, 'id'>): void {
    const card = new Y.Map<unknown>()
    card.set('pos', [pos[0], pos[1]])
    card.set('size', [size[0], size[1]])
    card.set('text', text)
    card.set('color', color)
    card.set('order', order)
    card.set('createdBy', createdBy)
    this.#map.set(id, card)
  }

  #set(id: string, key: string, value: unknown): void {
    const card = this.#map.get(id)
    if (card instanceof Y.Map) this.#transact(() => card.set(key, value))
  }

  #frontOrder(): string {
    return generateKeyBetween(this.#lastOrder(), null)
  }

  #lastOrder(): string | null {
    return this.ordered.findLast((card) => isOrder(card.order))?.order ?? null
  }

  #backOrder(): string {
    const first = this.ordered.find((card) => isOrder(card.order))
    return generateKeyBetween(null, first?.order ?? null)
  }

  #selfId(): string {
    return presenceOf(this.#room).self?.user.id ?? ''
  }

  #transact(run: () => void): void {
    this.#room.doc.transact(run, LOCAL_ORIGIN)
  }
}

function compareCards(a: Card, b: Card): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1
  return a.id < b.id ? -1 : 1
}
