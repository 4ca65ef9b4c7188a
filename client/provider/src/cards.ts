import { parseCard, roomDoc, type Card, type CardColor } from '@roomful/shared'
import { generateKeyBetween } from 'fractional-indexing'
import * as Y from 'yjs'
import { Listeners } from './listeners.ts'
import { LOCAL_ORIGIN } from './local-origin.ts'
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
      this.#insert(id, [card.x, card.y], card.size ?? DEFAULT_CARD_SIZE, card.color ?? 'sand', text)
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

  remove(id: string): void {
    if (this.#map.has(id)) this.#transact(() => this.#map.delete(id))
  }

  /** Copies a card, text formats included, a little to the right and below. Returns the copy's id. */
  duplicate(id: string): string | undefined {
    const card = this.#byId.get(id)
    if (card === undefined) return undefined
    const copy = randomId()
    this.#transact(() => {
      const pos: Pair = [card.pos[0] + DUPLICATE_OFFSET, card.pos[1] + DUPLICATE_OFFSET]
      this.#insert(copy, pos, card.size, card.color, card.text.clone())
    })
    return copy
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
    this.#byId = next
    this.#ordered = undefined
    this.#listeners.call()
  }

  #entry(id: string): [string, Card][] {
    const card = parseCard(id, this.#map.get(id))
    return card === undefined ? [] : [[id, card]]
  }

  #insert(id: string, pos: Pair, size: Pair, color: CardColor, text: Y.Text): void {
    const card = new Y.Map<unknown>()
    card.set('pos', [pos[0], pos[1]])
    card.set('size', [size[0], size[1]])
    card.set('text', text)
    card.set('color', color)
    card.set('order', this.#frontOrder())
    card.set('createdBy', this.#room.presence.self?.user.id ?? '')
    this.#map.set(id, card)
  }

  #set(id: string, key: string, value: unknown): void {
    const card = this.#map.get(id)
    if (card instanceof Y.Map) this.#transact(() => card.set(key, value))
  }

  #frontOrder(): string {
    const last = this.ordered.findLast((card) => isOrder(card.order))
    return generateKeyBetween(last?.order ?? null, null)
  }

  #backOrder(): string {
    const first = this.ordered.find((card) => isOrder(card.order))
    return generateKeyBetween(null, first?.order ?? null)
  }

  #transact(run: () => void): void {
    this.#room.doc.transact(run, LOCAL_ORIGIN)
  }
}

function compareCards(a: Card, b: Card): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/** A foreign client may have written anything as an order; the library throws on what it cannot extend. */
function isOrder(order: string): boolean {
  try {
    generateKeyBetween(order, null)
    generateKeyBetween(null, order)
    return true
  } catch {
    return false
  }
}
