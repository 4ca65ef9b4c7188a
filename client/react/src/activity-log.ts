import { type ClientClock, Listeners } from '@roomful/provider'
import type { PresenceUser } from '@roomful/shared'

/** So many lines are kept, the oldest go first: an afternoon of a busy room, and a list that renders at once. */
export const MAX_ACTIVITY = 200
/** Who is back within this never left: a reload, a short drop. */
export const LEAVE_HOLD_MS = 3_000
/**
 * After this tab's own absence others get so long to be back: a restarted server drops everybody at once, and the slowest
 * try comes 30 s later.
 */
export const RETURN_HOLD_MS = 30_000
/** Whoever is told of so soon after the first sync has been here before, where nothing says that the list is whole. */
export const SEED_MS = 1_000
/** The same once the server has answered: it told of everybody before, other instances may be a moment later. */
export const SEED_ANSWERED_MS = 250

/** Somebody came or went. */
export interface ActivityEntry {
  /** Unique in this tab. */
  readonly id: string
  readonly kind: 'joined' | 'left'
  /** As they were then. */
  readonly user: PresenceUser
  /** Server time, ms since 1970. */
  readonly at: number
}

/** What an {@link ActivityLog} is built on. */
export interface ActivityLogOptions {
  readonly clock: ClientClock
  /** Server time, ms since 1970. */
  readonly serverNow: () => number
}

interface Guest {
  user: PresenceUser
  /** Set while they are not told of, and may yet be back. */
  leaving: { readonly since: number; readonly at: number; readonly holdMs: number; stop(): void } | undefined
}

/**
 * Who joined and who left, as this tab saw it: persons, not connections. Pure: it is told who is here and how its own
 * connection stands.
 *
 * Nothing is said of those found here at the first sync or after an absence of one's own, nor of oneself. Who was here
 * before an own absence and is not back {@link RETURN_HOLD_MS} after it has left, dated to the return: when they went
 * nobody here knows.
 *
 * @example
 * const log = new ActivityLog({ clock: deviceClock, serverNow: Date.now })
 * log.tell([ada])
 * log.arrive() // Ada was here before: nothing is said of her
 */
export class ActivityLog {
  readonly #clock: ClientClock
  readonly #serverNow: () => number
  readonly #listeners = new Listeners()
  /** Who is here, those who may yet be back included. */
  readonly #guests = new Map<string, Guest>()
  #told: readonly PresenceUser[] = []
  #phase: 'away' | 'seeding' | 'answered' | 'watching' = 'away'
  #isReturn = false
  #stopSeeding: () => void = () => {}
  #entries: readonly ActivityEntry[] = []
  #sequence = 0

  constructor({ clock, serverNow }: ActivityLogOptions) {
    this.#clock = clock
    this.#serverNow = serverNow
  }

  /** By `at`, the oldest first. The same array until something was added. */
  get entries(): readonly ActivityEntry[] {
    return this.#entries
  }

  /** Called when `entries` changed. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  /** The others who are here, each once. Ignored while this tab is away. */
  tell(people: readonly PresenceUser[]): void {
    this.#told = people
    if (this.#phase !== 'away') this.#welcome(people)
    if (this.#phase === 'watching') this.#miss(LEAVE_HOLD_MS)
  }

  /** This tab has synced. Means nothing until it has been away again ({@link leave}). */
  arrive(): void {
    if (this.#phase !== 'away') return
    this.#seed('seeding', SEED_MS)
    this.#welcome(this.#told)
  }

  /** The server has answered this tab since: the list of people is as good as whole. */
  answered(): void {
    if (this.#phase === 'seeding') this.#seed('answered', SEED_ANSWERED_MS)
  }

  /** This tab's own connection is gone: what it hears of others now says nothing of them. */
  leave(): void {
    if (this.#phase === 'away') return
    this.#phase = 'away'
    this.#stopSeeding()
    for (const guest of this.#guests.values()) stay(guest)
  }

  /** Stops timers. Idempotent. */
  destroy(): void {
    this.leave()
    this.#listeners.clear()
  }

  #seed(phase: 'seeding' | 'answered', ms: number): void {
    this.#phase = phase
    this.#stopSeeding()
    this.#stopSeeding = this.#clock.after(ms, () => {
      this.#phase = 'watching'
      this.#miss(this.#isReturn ? RETURN_HOLD_MS : LEAVE_HOLD_MS)
      this.#isReturn = true
    })
  }

  #welcome(people: readonly PresenceUser[]): void {
    for (const user of people) {
      const guest = this.#guests.get(user.id)
      const { leaving } = guest ?? {}
      if (guest !== undefined && leaving !== undefined) {
        stay(guest)
        // timers of a sleeping tab are late: they were away for longer than that all the same
        if (this.#clock.now() - leaving.since >= leaving.holdMs) this.#bye(guest, leaving.at)
      }
      const known = this.#guests.get(user.id)
      if (known !== undefined) known.user = user
      else {
        this.#guests.set(user.id, { user, leaving: undefined })
        if (this.#phase === 'watching') this.#add('joined', user, this.#serverNow())
      }
    }
  }

  #miss(holdMs: number): void {
    const here = new Set(this.#told.map((user) => user.id))
    for (const guest of this.#guests.values()) {
      if (here.has(guest.user.id) || guest.leaving !== undefined) continue
      const at = this.#serverNow()
      const stop = this.#clock.after(holdMs, () => this.#bye(guest, at))
      guest.leaving = { since: this.#clock.now(), at, holdMs, stop }
    }
  }

  #bye(guest: Guest, at: number): void {
    this.#guests.delete(guest.user.id)
    this.#add('left', guest.user, at)
  }

  #add(kind: ActivityEntry['kind'], user: PresenceUser, at: number): void {
    this.#sequence++
    const entry: ActivityEntry = { id: `activity-${this.#sequence}`, kind, user, at }
    // a leave was held, and the server's clock is learned anew with each connection: the newest is not always the last
    const index = this.#entries.findLastIndex((other) => other.at <= at) + 1
    this.#entries = this.#entries.toSpliced(index, 0, entry).slice(-MAX_ACTIVITY)
    this.#listeners.call()
  }
}

function stay(guest: Guest): void {
  guest.leaving?.stop()
  guest.leaving = undefined
}
