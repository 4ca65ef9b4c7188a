import {
  cleanName,
  lightColor,
  MAX_POINTER_MESSAGE_LENGTH,
  parsePresence,
  POINTER_INTERVAL_MS,
  TYPING_CLEAR_MS,
  TYPING_INTERVAL_MS,
  type NormalizedCursor,
  type Presence,
  type PresenceTap,
  type PresenceUser,
  type PresenceView,
  type VerifiedIdentity,
} from '@roomful/shared'
import { equalityDeep } from 'lib0/function'
import type { Awareness } from 'y-protocols/awareness'
import { deviceClock, type ClientClock } from './clock.ts'
import { Listeners } from './listeners.ts'
import { groupPeople, type Person, type PresenceConnection } from './people.ts'
import { Throttle } from './throttle.ts'

/** Alone in a room nobody sees the pointer: one frame a second keeps a newcomer's first sight fresh enough. */
export const ALONE_INTERVAL_MS = 1_000
/** So long others stay in the list after our own connection dropped: a short drop must not flicker. */
export const DROP_GRACE_MS = 3_000

/** The parts of a user that a person can edit. */
export type UserEdit = Partial<Pick<PresenceUser, 'id' | 'name' | 'color'>>

/** What changes many times a second. It shares one throttle: pointer and view together are one frame, not two. */
type Moves = Partial<Pick<Presence, 'pointer' | 'view' | 'tap' | 'message'>>

interface Entry {
  readonly connection: PresenceConnection
  pointer: NormalizedCursor | null
  view: PresenceView | null
  tap: PresenceTap | null
  /** Our own connection dropped and took this entry along: kept until it comes back or the grace ends. */
  held: boolean
}

/**
 * Who is here, read from and written to a Yjs awareness, and at an end with it. Made by `presenceOf`.
 *
 * Snapshots (`self`, `others`, `connections`) keep their reference until something in them changed. Pointers and views
 * are not in them: they move many times a second and come through `onPointer` and `onView`.
 *
 * @example
 * const presence = presenceOf(provider)
 * const off = presence.subscribe(() => draw(presence.others))
 * presence.setPointer({ x: 0.5, y: 0.5 })
 */
export class PresenceStore {
  readonly #awareness: Awareness
  readonly #clock: ClientClock
  readonly #entries = new Map<number, Entry>()
  readonly #people = new Listeners()
  readonly #pointers = new Listeners<[clientId: number, pointer: NormalizedCursor | null]>()
  readonly #views = new Listeners<[clientId: number, view: PresenceView | null]>()
  readonly #taps = new Listeners<[clientId: number, tap: PresenceTap]>()
  readonly #move: Throttle<Moves>
  readonly #typing: Throttle<boolean>
  #stopTypingTimer: (() => void) | undefined
  #stopGraceTimer: (() => void) | undefined
  /** Moves not sent yet. */
  #moves: Moves = {}
  #hidesPointer = false
  #verified: VerifiedIdentity | undefined
  #self: Presence | undefined
  #connections: readonly PresenceConnection[] = []
  #others: readonly Person[] = []

  constructor(awareness: Awareness, clock: ClientClock = deviceClock) {
    this.#awareness = awareness
    this.#clock = clock
    this.#move = new Throttle(
      () => (this.#entries.size === 0 ? ALONE_INTERVAL_MS : POINTER_INTERVAL_MS),
      this.#clock,
      (moves) => {
        this.#moves = {}
        this.#set(moves)
      },
    )
    this.#typing = new Throttle(
      () => TYPING_INTERVAL_MS,
      this.#clock,
      (typing) => this.#set({ typing }),
    )
    awareness.on('change', this.#onChange)
    awareness.on('destroy', () => {
      awareness.off('change', this.#onChange)
      this.#stopTypingTimer?.()
      this.#stopGraceTimer?.()
      this.#move.cancel()
      this.#typing.cancel()
    })
    this.#read([...awareness.getStates().keys()])
  }

  /** What this tab says of itself; `undefined` until a user is set. */
  get self(): Presence | undefined {
    return this.#self
  }

  /** The other people, each once however many connections they have, sorted by name; yourself never. */
  get others(): readonly Person[] {
    return this.#others
  }

  /** Every other connection (each has its own pointer), your own other tabs included, sorted by client id. */
  get connections(): readonly PresenceConnection[] {
    return this.#connections
  }

  /** Where a connection points; `null` when it does not, or is not here. */
  pointerOf(clientId: number): NormalizedCursor | null {
    return this.#entries.get(clientId)?.pointer ?? null
  }

  /** What a connection looks at; `null` when it does not say, or is not here. */
  viewOf(clientId: number): PresenceView | null {
    return this.#entries.get(clientId)?.view ?? null
  }

  /** Sets or edits who this tab is. Names are cleaned and the light colour follows. Without an id nothing is shown. */
  setUser(edit: UserEdit): void {
    const before = this.#self?.user
    const { id, name, color = before?.color ?? '#007fa1' } = { ...edit, ...this.#verified }
    const user: PresenceUser = {
      id: id ?? before?.id ?? '',
      name: cleanName(name ?? '') || before?.name || 'Guest',
      color,
      colorLight: lightColor(color),
    }
    const state = this.#awareness.getLocalState()
    // what was not said yet is said as everybody reads it
    const unsaid = parsePresence({ user }, this.#awareness.clientID)
    const next = { ...unsaid, ...state, hidesPointer: this.#hidesPointer, user }
    if (!equalityDeep(state, next)) this.#set(next)
  }

  /** Who the server takes this tab for; `undefined` where it takes everybody's word for it. */
  get verified(): VerifiedIdentity | undefined {
    return this.#verified
  }

  /**
   * The server has said who this tab is: that holds, whatever {@link setUser} is given. For providers.
   *
   * @example presence.verify({ id: 'ada', name: 'Ada' })
   */
  verify(identity: VerifiedIdentity | undefined): void {
    this.#verified = identity
    if (identity) this.setUser({})
    this.#people.call()
  }

  /** Where the pointer is, 0..1 of the board; `null` hides it, at once. Sent at most every 80 ms, the last one always. */
  setPointer(pointer: NormalizedCursor | null): void {
    if (this.#hidesPointer) return
    this.#push({ pointer })
    if (pointer === null) this.#move.flush()
  }

  /**
   * Shows this tab's pointer and taps to nobody until it is called with `false`; the others see `hidesPointer`.
   *
   * @example presence.hidePointer(true)
   */
  hidePointer(hidden: boolean): void {
    if (hidden === this.#hidesPointer) return
    if (hidden) {
      this.setPointer(null)
      this.setMessage('')
    }
    this.#hidesPointer = hidden
    this.#set({ hidesPointer: hidden })
  }

  /** A finger touched the board here: the others see a ripple. */
  tap(at: NormalizedCursor): void {
    if (this.#hidesPointer) return
    const before = this.#moves.tap ?? this.#self?.tap
    this.#push({ tap: { x: at.x, y: at.y, count: (before?.count ?? 0) + 1 } })
  }

  /** What this person says at their pointer, cut to 100 characters. Sent as seldom as the pointer, cleared at once. */
  setMessage(message: string): void {
    const cut = message.slice(0, MAX_POINTER_MESSAGE_LENGTH)
    if (cut === (this.#moves.message ?? this.#self?.message)) return
    this.#push({ message: cut })
    if (cut === '') this.#move.flush()
  }

  /** What this tab looks at, for followers. Sent as seldom as the pointer. */
  setView(view: PresenceView | null): void {
    this.#push({ view })
  }

  /** Whose view this tab follows, by `user.id`. */
  setFollowing(userId: string | null): void {
    if (userId !== this.#self?.following) this.#set({ following: userId })
  }

  /** Call with `true` at each key, with `false` when the draft is empty; a sent message clears it too. */
  setTyping(typing: boolean): void {
    this.#stopTypingTimer?.()
    if (typing) {
      this.#stopTypingTimer = this.#clock.after(TYPING_CLEAR_MS, () => this.setTyping(false))
      // `true` twice is one frame: the state stays until it is cleared
      if (this.#self?.typing !== true) this.#typing.push(true)
      return
    }
    this.#typing.cancel()
    if (this.#self?.typing === true) this.#set({ typing: false })
  }

  /** The ids of what is selected. */
  setSelection(selection: readonly string[]): void {
    if (!equalityDeep(this.#self?.selection, selection)) this.#set({ selection: [...selection] })
  }

  setStatus(status: Presence['status']): void {
    if (this.#self?.status !== status) this.#set({ status })
  }

  /** Called when `self`, `others` or `connections` changed; never for moves. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#people.add(listener)
  }

  /** Called at each move of another connection's pointer, `null` when it hides or leaves. Returns how to stop. */
  onPointer(listener: (clientId: number, pointer: NormalizedCursor | null) => void): () => void {
    return this.#pointers.add(listener)
  }

  /** Called when another connection's view changed. Returns how to stop. */
  onView(listener: (clientId: number, view: PresenceView | null) => void): () => void {
    return this.#views.add(listener)
  }

  /** Called when somebody's finger touched the board. Returns how to stop. */
  onTap(listener: (clientId: number, tap: PresenceTap) => void): () => void {
    return this.#taps.add(listener)
  }

  /**
   * Our own connection dropped: everyone seen now stays for {@link DROP_GRACE_MS}, or until they are back.
   *
   * @param announcedMs how long the server asked us to stay away: a restart is no reason to empty the room.
   */
  hold(announcedMs: number = 0): void {
    for (const entry of this.#entries.values()) entry.held = true
    this.#stopGraceTimer?.()
    this.#stopGraceTimer = this.#clock.after(announcedMs + DROP_GRACE_MS, () => {
      for (const entry of this.#entries.values()) entry.held = false
      this.#read([...this.#entries.keys()])
    })
  }

  readonly #onChange = (change: { added: number[]; updated: number[]; removed: number[] }): void => {
    this.#read([...change.added, ...change.updated, ...change.removed])
  }

  #push(moves: Moves): void {
    this.#moves = { ...this.#moves, ...moves }
    this.#move.push(this.#moves)
  }

  /** One write for several fields; other libraries' fields (an editor's `cursor`) stay. */
  #set(fields: Record<string, unknown>): void {
    const state = this.#awareness.getLocalState()
    // null: this tab has left on purpose (destroyed, or the app cleared it); a late timer must not bring it back
    if (state !== null) this.#awareness.setLocalState({ ...state, ...fields })
  }

  #read(clientIds: readonly number[]): void {
    const wasAlone = this.#entries.size === 0
    let peopleChanged = false
    for (const clientId of clientIds) {
      if (clientId === this.#awareness.clientID) peopleChanged = this.#readSelf() || peopleChanged
      else peopleChanged = this.#readOther(clientId) || peopleChanged
    }
    if (wasAlone && this.#entries.size > 0) this.#move.flush()
    if (!peopleChanged) return
    this.#connections = [...this.#entries.values()]
      .map((entry) => entry.connection)
      .sort((a, b) => a.clientId - b.clientId)
    this.#others = groupPeople(this.#connections, this.#self?.user.id, this.#others)
    this.#people.call()
  }

  #readSelf(): boolean {
    const presence = parsePresence(this.#awareness.getLocalState(), this.#awareness.clientID)
    const before = this.#self
    // the own pointer and view are no reason to draw people again, but `self` tells the truth
    this.#self = presence
    return !equalityDeep(still(before), still(presence))
  }

  #readOther(clientId: number): boolean {
    const entry = this.#entries.get(clientId)
    const presence = parsePresence(this.#awareness.getStates().get(clientId), clientId)
    if (presence === undefined) {
      if (entry === undefined || entry.held) return false
      this.#entries.delete(clientId)
      if (entry.pointer !== null) this.#pointers.call(clientId, null)
      return true
    }
    const { pointer, view, tap, ...rest } = presence
    const connection: PresenceConnection = { clientId, ...rest }
    const unchanged = entry !== undefined && equalityDeep(entry.connection, connection)
    const next: Entry = {
      connection: unchanged ? entry.connection : connection,
      pointer,
      view,
      tap,
      held: false,
    }
    this.#entries.set(clientId, next)
    if (!equalityDeep(entry?.pointer ?? null, pointer)) this.#pointers.call(clientId, pointer)
    if (!equalityDeep(entry?.view ?? null, view)) this.#views.call(clientId, view)
    // a tap from before we looked is over
    if (entry !== undefined && tap !== null && !equalityDeep(entry.tap, tap)) this.#taps.call(clientId, tap)
    return !unchanged
  }
}

function still(presence: Presence | undefined): unknown {
  return presence && { ...presence, pointer: null, view: null, tap: null }
}
