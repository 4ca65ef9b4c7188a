import type { PiecedMessages } from './member.ts'
import type { TickFrame } from './room-presence-frame.ts'
import { encodeAwarenessHead, encodeMovedHead } from './room-presence-heads.ts'
import { MovedEntries } from './room-presence-moved.ts'
import { EVERYTHING, type TileView } from './room-presence-place.ts'
import type { PresencePlan } from './room-presence-plan.ts'
import { PresenceSheet } from './room-presence-sheet.ts'
import type { PresenceSpot } from './room-presence-spot.ts'
import { ThinnedMessage, type ThinnedParts } from './room-presence-thinned-message.ts'

type Spots = readonly PresenceSpot[]

/**
 * The presence of one tick of a thinned room: a message in full for who takes no moved entries; for who does, one of those
 * who are told in full and one of those who only moved.
 */
export class ThinnedFrame implements TickFrame {
  readonly #told: ThinnedParts<Spots>
  readonly #plan: PresencePlan
  readonly #spots: ReadonlyMap<number, PresenceSpot>
  readonly #inFull: ThinnedMessage
  readonly #moved: MovedEntries
  #short: readonly ThinnedMessage[] | undefined
  /** What all with one view are told who are not in the frame themselves. */
  readonly #shared = new Map<TileView, PiecedMessages>()
  readonly #sharedShort = new Map<TileView, PiecedMessages>()

  /** It tells everybody of those in `told.all`: the text of each is told then. */
  constructor(told: ThinnedParts<Spots>, plan: PresencePlan, spots: ReadonlyMap<number, PresenceSpot>) {
    this.#told = told
    this.#plan = plan
    this.#spots = spots
    this.#inFull = this.#message((each) => new PresenceSheet(each), encodeAwarenessHead)
    this.#moved = new MovedEntries(
      new Set([...told.all, ...told.near, ...told.wide].map(({ record }) => record)),
    )
    for (const { record } of told.all) record.isTextTold = record.json !== undefined
  }

  has(clientId: number | undefined): boolean {
    return this.#inFull.has(clientId)
  }

  messagesFor(clientId: number | undefined, hasTexts: boolean): PiecedMessages {
    const isShort = hasTexts && this.#moved.size > 0
    const messages = isShort ? (this.#short ??= this.#shorten()) : [this.#inFull]
    const spot = clientId === undefined ? undefined : this.#spots.get(clientId)
    const view = spot?.view ?? EVERYTHING
    if (this.has(clientId)) return piecesOf(messages, view, clientId)
    const shared = isShort ? this.#sharedShort : this.#shared
    const known = shared.get(view)
    if (known !== undefined) return known
    const pieces = piecesOf(messages, view, undefined)
    shared.set(view, pieces)
    return pieces
  }

  #shorten(): readonly ThinnedMessage[] {
    const packed = this.#moved.packed()
    const inFull = (spots: Spots): PresenceSheet =>
      new PresenceSheet(spots.filter(({ record }) => !packed.has(record)))
    const moved = (spots: Spots): PresenceSheet =>
      new PresenceSheet(
        spots.filter(({ record }) => packed.has(record)),
        (record) => packed.get(record) ?? record.entry,
      )
    return [this.#message(inFull, encodeAwarenessHead), this.#message(moved, encodeMovedHead)]
  }

  #message(
    sheetOf: (spots: Spots) => PresenceSheet,
    encodeHead: (count: number, bytes: number) => Uint8Array,
  ): ThinnedMessage {
    const { all, near, wide } = this.#told
    const sheets = { all: sheetOf(all), near: sheetOf(near), wide: sheetOf(wide) }
    return new ThinnedMessage(sheets, this.#plan, encodeHead)
  }
}

function piecesOf(
  messages: readonly ThinnedMessage[],
  view: TileView,
  clientId: number | undefined,
): PiecedMessages {
  return messages.map((message) => message.piecesFor(view, clientId)).filter(({ length }) => length > 0)
}
