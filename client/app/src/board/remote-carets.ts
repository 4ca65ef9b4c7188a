import type { RoomfulProvider } from '@roomful/provider'
import { type CardCaret, parseCardCaret, parsePresence, type PresenceUser } from '@roomful/shared'
import type * as Y from 'yjs'
import { absolutePlace } from './text-place.ts'
import { CARET_FIELD } from './own-caret.ts'

type Awareness = RoomfulProvider['awareness']

/** Somebody else writing in a card, in one of their tabs. */
export interface RemoteCaret {
  readonly clientId: number
  readonly user: PresenceUser
  readonly caret: CardCaret
}

/** A caret in a text as it is now: offsets in UTF-16 units. */
export interface CaretRange {
  readonly anchor: number
  readonly head: number
}

/** Each state as it was read last, with the caret in it. */
type Seen = Map<number, { readonly state: unknown; readonly caret: RemoteCaret | undefined }>

const NONE: readonly RemoteCaret[] = []

/**
 * Everybody else's carets by card, read from the awareness while somebody listens. A card's list keeps its reference until
 * a caret in it moved.
 */
export class RemoteCarets {
  readonly #awareness: Awareness
  readonly #listeners = new Set<() => void>()
  #byCard: ReadonlyMap<string, readonly RemoteCaret[]> = new Map()
  #seen: Seen = new Map()

  constructor(awareness: Awareness) {
    this.#awareness = awareness
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) {
      this.#awareness.on('change', this.#read)
      this.#read()
    }
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#awareness.off('change', this.#read)
    }
  }

  of(card: string): readonly RemoteCaret[] {
    return this.#byCard.get(card) ?? NONE
  }

  readonly #read = (): void => {
    const seen: Seen = new Map()
    const byCard = new Map<string, RemoteCaret[]>()
    for (const [clientId, state] of this.#awareness.getStates()) {
      if (clientId === this.#awareness.clientID) continue
      const known = this.#seen.get(clientId)
      const entry =
        known?.state === state ? known : { state, caret: this.#parse(clientId, state, known?.caret) }
      seen.set(clientId, entry)
      const { caret } = entry
      if (caret === undefined) continue
      const list = byCard.get(caret.caret.card)
      if (list === undefined) byCard.set(caret.caret.card, [caret])
      else list.push(caret)
    }
    const before = this.#byCard
    this.#seen = seen
    this.#byCard = new Map([...byCard].map(([card, list]) => [card, sameOr(before.get(card), list)]))
    const isSame =
      before.size === this.#byCard.size &&
      [...this.#byCard].every(([card, list]) => before.get(card) === list)
    if (!isSame) for (const listener of this.#listeners) listener()
  }

  /** A pointer's move is a new state too: the caret in it is the old one. */
  #parse(
    clientId: number,
    state: Record<string, unknown>,
    known: RemoteCaret | undefined,
  ): RemoteCaret | undefined {
    const caret = parseCardCaret(state[CARET_FIELD])
    const user = caret === undefined ? undefined : parsePresence(state, clientId)?.user
    if (caret === undefined || user === undefined) return undefined
    const next: RemoteCaret = { clientId, user, caret }
    return known !== undefined && JSON.stringify(known) === JSON.stringify(next) ? known : next
  }
}

/** Where a caret stands now; `undefined` while the letters it stands at have not come yet. */
export function caretRange({ caret }: RemoteCaret, text: Y.Text): CaretRange | undefined {
  const anchor = absolutePlace(text, caret.anchor)
  const head = absolutePlace(text, caret.head)
  return anchor === undefined || head === undefined ? undefined : { anchor, head }
}

const known = new WeakMap<Awareness, RemoteCarets>()

/** The carets of a room; one reader for all its cards. */
export function remoteCaretsOf(awareness: Awareness): RemoteCarets {
  const carets = known.get(awareness) ?? new RemoteCarets(awareness)
  known.set(awareness, carets)
  return carets
}

function sameOr(
  before: readonly RemoteCaret[] | undefined,
  list: readonly RemoteCaret[],
): readonly RemoteCaret[] {
  const isSame = before?.length === list.length && before.every((caret, n) => caret === list[n])
  return isSame ? before : list
}
