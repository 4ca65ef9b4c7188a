import * as Y from 'yjs'
import * as v from 'valibot'

/** The board's fixed world, in board units. */
export const BOARD = { width: 4_000, height: 2_500 } as const
/** Longest chat message, in UTF-16 units. */
export const MAX_MESSAGE_LENGTH = 2_000
/** A drag writes its card's position at most so often, and on release. */
export const DRAG_INTERVAL_MS = 50
/** The schema this version writes into `meta.schema`. */
export const SCHEMA_VERSION = 1

/** The paper colours of a card: names of tokens, so that each theme has its own tint. */
export const CARD_COLORS = ['sand', 'rose', 'mint', 'sky', 'lilac', 'paper'] as const
export type CardColor = (typeof CARD_COLORS)[number]

/** One chat message, a plain value in the `chat` array. */
export interface ChatMessage {
  readonly id: string
  readonly userId: string
  readonly name: string
  readonly color: string
  readonly text: string
  /** Server clock as the sender knows it, ms since 1970. */
  readonly sentAt: number
  readonly editedAt?: number | undefined
}

/** A card as the board shows it. `text` is the live shared text. */
export interface Card {
  readonly id: string
  /** Top left corner, board units. One key, so that a drag of 10,000 steps stays 73 bytes. */
  readonly pos: readonly [x: number, y: number]
  readonly size: readonly [width: number, height: number]
  readonly text: Y.Text
  readonly color: CardColor
  /** Fractional index: stacking order. */
  readonly order: string
  readonly createdBy: string
}

const messageSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  userId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  name: v.string(),
  color: v.string(),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_MESSAGE_LENGTH)),
  sentAt: v.pipe(v.number(), v.finite()),
  editedAt: v.optional(v.pipe(v.number(), v.finite())),
})

/** Parses one element of the `chat` array; foreign clients may have written anything there. */
export function parseChatMessage(value: unknown): ChatMessage | undefined {
  const result = v.safeParse(messageSchema, value)
  return result.success ? result.output : undefined
}

const pair = v.tuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())])

/** Parses one entry of the `cards` map; `undefined` where a foreign client left something that is no card. */
export function parseCard(id: string, value: unknown): Card | undefined {
  if (!(value instanceof Y.Map)) return undefined
  const text: unknown = value.get('text')
  const pos = v.safeParse(pair, value.get('pos'))
  const size = v.safeParse(pair, value.get('size'))
  if (!(text instanceof Y.Text) || !pos.success || !size.success) return undefined
  const color: unknown = value.get('color')
  const order: unknown = value.get('order')
  const createdBy: unknown = value.get('createdBy')
  return {
    id,
    pos: pos.output,
    size: size.output,
    text,
    color: CARD_COLORS.find((c) => c === color) ?? 'paper',
    order: typeof order === 'string' ? order : '',
    createdBy: typeof createdBy === 'string' ? createdBy : '',
  }
}

/** The typed roots of a room's document. */
export interface RoomDoc {
  readonly chat: Y.Array<unknown>
  readonly cards: Y.Map<unknown>
  readonly note: Y.Text
  readonly meta: Y.Map<unknown>
}

/** Names of the roots, spelled once. */
export const ROOTS = { chat: 'chat', cards: 'cards', note: 'note', meta: 'meta' } as const

/**
 * The roots of a room's document, with their types. Asking for a root creates it where it is missing; no bytes come of that.
 *
 * @example roomDoc(doc).note.insert(0, 'hello')
 */
export function roomDoc(doc: Y.Doc): RoomDoc {
  return {
    chat: doc.getArray(ROOTS.chat),
    cards: doc.getMap(ROOTS.cards),
    note: doc.getText(ROOTS.note),
    meta: doc.getMap(ROOTS.meta),
  }
}
