import { isFinite, isObject, isText } from './guards.ts'

/** A place in a text that stays with its letter while others type: Yjs's relative position as JSON. */
export interface TextPlace {
  readonly type?: StructId
  readonly tname?: string
  readonly item?: StructId
  readonly assoc: number
}

/** Which letter: the id Yjs gave it. */
export interface StructId {
  readonly client: number
  readonly clock: number
}

/** Where somebody writes in a card: the awareness field `caret`. The field `cursor` is left to editor bindings. */
export interface CardCaret {
  /** The card's id. */
  readonly card: string
  /** Where the selection began; the same place as `head` when nothing is selected. */
  readonly anchor: TextPlace
  /** Where the caret stands. */
  readonly head: TextPlace
}

const MAX_ID_LENGTH = 64

/**
 * Parses the field `caret` of anybody's awareness state; `undefined` when they write in no card.
 *
 * @example parseCardCaret(awareness.getStates().get(id)?.['caret'])?.card
 */
export function parseCardCaret(value: unknown): CardCaret | undefined {
  if (!isObject(value) || !isText(value['card'], 1, MAX_ID_LENGTH)) return undefined
  const anchor = parsePlace(value['anchor'])
  const head = parsePlace(value['head'])
  if (anchor === undefined || head === undefined) return undefined
  return { card: value['card'], anchor, head }
}

function parsePlace(value: unknown): TextPlace | undefined {
  if (!isObject(value)) return undefined
  const { tname, assoc } = value
  const type = parseId(value['type'])
  const item = parseId(value['item'])
  if (type === undefined && item === undefined && !isText(tname)) return undefined
  return {
    ...(type !== undefined && { type }),
    ...(isText(tname) && { tname }),
    ...(item !== undefined && { item }),
    assoc: isFinite(assoc) ? assoc : 0,
  }
}

function parseId(value: unknown): StructId | undefined {
  if (!isObject(value)) return undefined
  const { client, clock } = value
  return isFinite(client) && isFinite(clock) ? { client, clock } : undefined
}
