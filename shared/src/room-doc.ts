import * as Y from 'yjs'
import { isFinite, isObject, isText } from './guards.ts'

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

/** Parses one element of the `chat` array; foreign clients may have written anything there. */
export function parseChatMessage(value: unknown): ChatMessage | undefined {
  if (!isObject(value)) return undefined
  const { id, userId, name, color, text, sentAt, editedAt } = value
  if (!isText(id, 1, MAX_ID_LENGTH) || !isText(userId, 1, MAX_ID_LENGTH)) return undefined
  if (!isText(name) || !isText(color) || !isText(text, 1, MAX_MESSAGE_LENGTH) || !isFinite(sentAt))
    return undefined
  const message = { id, userId, name, color, text, sentAt }
  if (editedAt === undefined) return message
  return isFinite(editedAt) ? { ...message, editedAt } : undefined
}

const MAX_ID_LENGTH = 64

/** Parses one entry of the `cards` map; `undefined` where a foreign client left something that is no card. */
export function parseCard(id: string, value: unknown): Card | undefined {
  if (!(value instanceof Y.Map)) return undefined
  const text: unknown = value.get('text')
  const pos = parsePair(value.get('pos'))
  const size = parsePair(value.get('size'))
  if (!(text instanceof Y.Text) || pos === undefined || size === undefined) return undefined
  const color: unknown = value.get('color')
  const order: unknown = value.get('order')
  const createdBy: unknown = value.get('createdBy')
  return {
    id,
    pos,
    size,
    text,
    color: CARD_COLORS.find((c) => c === color) ?? 'paper',
    order: typeof order === 'string' ? order : '',
    createdBy: typeof createdBy === 'string' ? createdBy : '',
  }
}

function parsePair(value: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(value)) return undefined
  const [first, second]: readonly unknown[] = value
  return isFinite(first) && isFinite(second) ? [first, second] : undefined
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
