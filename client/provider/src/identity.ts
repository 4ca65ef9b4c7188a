import { createUser, generateName, pickColor, type PresenceUser } from '@roomful/shared'
import { deviceClock, type ClientClock } from './clock.ts'
import { Listeners } from './listeners.ts'
import { randomId } from './random-id.ts'

/** What is needed of `sessionStorage`. Every call may throw: storage can be refused at any time. */
export type StorageLike = Pick<Storage, 'getItem' | 'setItem'>

/** What is needed of a `BroadcastChannel`. */
export interface ChannelLike {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  close(): void
}

/** Where the identity stands in `sessionStorage`. */
export const IDENTITY_KEY = 'roomful:identity'

interface StoredIdentity {
  readonly user: PresenceUser
  /** Secret of this tab: proves its return to the server. */
  readonly key: string
  /** The person chose the name: a duplicated tab keeps it. */
  readonly named: boolean
}

/**
 * The person of this tab: read from `storage`, or made up ("Swift Otter") and written there, so that a reload keeps it.
 *
 * @param storage `sessionStorage`, or `undefined` where it is refused: then the identity lasts as long as the page.
 * @param random numbers in 0..1.
 * @param taken colours to avoid.
 * @example loadIdentity(sessionStorage, Math.random)
 */
export function loadIdentity(
  storage: StorageLike | undefined,
  random: () => number = Math.random,
  taken?: ReadonlySet<string>,
): PresenceUser {
  return loadStored(storage, random, taken).user
}

/** What an {@link Identity} is built on; a browser needs none of it. */
export interface IdentityOptions {
  readonly storage?: StorageLike | undefined
  readonly random?: (() => number) | undefined
  readonly clock?: ClientClock | undefined
  readonly taken?: ReadonlySet<string> | undefined
  /** Opens the channel all tabs of this browser share; `undefined` where there is none. */
  readonly openChannel?: (() => ChannelLike | undefined) | undefined
}

const CHANNEL_NAME = 'roomful:identity'

/**
 * Who this tab is, kept in `sessionStorage`. A duplicated tab starts with a copy of it: the tabs notice over a
 * BroadcastChannel, the newer one becomes a new person (keeping a name that was chosen) and tells its subscribers.
 *
 * @example
 * const identity = new Identity()
 * const provider = new RoomfulProvider(url, 'lobby', doc, { identity })
 * identity.update({ name: 'Ada' })
 */
export class Identity {
  readonly #storage: StorageLike | undefined
  readonly #random: () => number
  readonly #listeners = new Listeners()
  readonly #channel: ChannelLike | undefined
  /** Of this page load: two tabs with one key differ in it. */
  readonly #pageId: string = randomId(12)
  readonly #since: number
  #stored: StoredIdentity
  /** Made up by this page load, and nothing of it was chosen yet. */
  #isFresh: boolean

  constructor(options: IdentityOptions = {}) {
    this.#storage = 'storage' in options ? options.storage : sessionStorageOrNone()
    this.#random = options.random ?? Math.random
    const known = parseStored(read(this.#storage))
    this.#isFresh = known === undefined
    this.#stored = known ?? loadStored(this.#storage, this.#random, options.taken)
    this.#since = (options.clock ?? deviceClock).now()
    this.#channel = (options.openChannel ?? openBroadcastChannel)()
    this.#channel?.addEventListener('message', this.#onMessage)
    this.#say('claim')
  }

  get user(): PresenceUser {
    return this.#stored.user
  }

  /** Secret of this tab, sent as `?key=`. */
  get key(): string {
    return this.#stored.key
  }

  /** Renames or recolours, and keeps it for the next load. */
  update(edit: { readonly name?: string; readonly color?: string }): PresenceUser {
    this.#isFresh = false
    const { user, key, named } = this.#stored
    const next = createUser(user.id, edit.name ?? user.name, edit.color ?? user.color)
    this.#store({ user: next, key, named: named || edit.name !== undefined })
    return next
  }

  /**
   * Takes a colour that nobody in `taken` has, where this person's is taken, was made up by this page load, and nothing of
   * them was chosen since. Only the first call does: nobody changes colour twice.
   */
  avoid(taken: ReadonlySet<string>): void {
    const { user, ...rest } = this.#stored
    const isFresh = this.#isFresh
    this.#isFresh = false
    if (!isFresh || !taken.has(user.color)) return
    this.#store({ ...rest, user: createUser(user.id, user.name, pickColor(this.#random, taken)) })
  }

  /** Called when `user` or `key` changed. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  /** Stops listening to other tabs. Idempotent. */
  destroy(): void {
    this.#channel?.close()
    this.#listeners.clear()
  }

  readonly #onMessage = (event: MessageEvent): void => {
    const message = parseTabMessage(event.data)
    if (message === undefined || message.key !== this.key || message.pageId === this.#pageId) return
    // the order of two pages is the same seen from both, so exactly one gives way, however late the word comes
    if (isOlder(message, { since: this.#since, pageId: this.#pageId })) this.#mintAnew()
    else if (message.type === 'claim') this.#say('held')
  }

  #mintAnew(): void {
    const { user, named } = this.#stored
    const fresh = mint(this.#random, new Set([user.color]))
    const person = named ? createUser(fresh.user.id, user.name, fresh.user.color) : fresh.user
    this.#store({ ...fresh, user: person, named })
  }

  #store(next: StoredIdentity): void {
    this.#stored = next
    write(this.#storage, next)
    this.#listeners.call()
  }

  #say(type: TabMessage['type']): void {
    this.#channel?.postMessage({
      type,
      key: this.key,
      pageId: this.#pageId,
      since: this.#since,
    } satisfies TabMessage)
  }
}

interface TabMessage {
  readonly type: 'claim' | 'held'
  readonly key: string
  readonly pageId: string
  /** When the page was loaded, ms since 1970. */
  readonly since: number
}

function isOlder(a: Pick<TabMessage, 'since' | 'pageId'>, b: Pick<TabMessage, 'since' | 'pageId'>): boolean {
  return a.since !== b.since ? a.since < b.since : a.pageId < b.pageId
}

function parseTabMessage(value: unknown): TabMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { type, key, pageId, since } = value as Partial<Record<string, unknown>>
  if (type !== 'claim' && type !== 'held') return undefined
  if (typeof key !== 'string' || typeof pageId !== 'string' || typeof since !== 'number') return undefined
  return { type, key, pageId, since }
}

function loadStored(
  storage: StorageLike | undefined,
  random: () => number,
  taken?: ReadonlySet<string>,
): StoredIdentity {
  const known = parseStored(read(storage))
  if (known !== undefined) return known
  const fresh = mint(random, taken)
  write(storage, fresh)
  return fresh
}

function mint(random: () => number, taken?: ReadonlySet<string>): StoredIdentity {
  const user = createUser(randomId(), generateName(random), pickColor(random, taken))
  return { user, key: randomId(), named: false }
}

function parseStored(json: string | null): StoredIdentity | undefined {
  try {
    const { user, key, named } = JSON.parse(json ?? 'null') as Partial<Record<string, unknown>>
    const { id, name, color } = user as Partial<Record<string, unknown>>
    if (typeof key !== 'string' || typeof id !== 'string' || id === '') return undefined
    if (typeof name !== 'string' || typeof color !== 'string' || !HEX_COLOR.test(color)) return undefined
    return { user: createUser(id, name, color), key, named: named === true }
  } catch {
    // nothing stored, or something else under our key: a new identity is made
    return undefined
  }
}

const HEX_COLOR = /^#[0-9a-f]{6}$/i

function read(storage: StorageLike | undefined): string | null {
  try {
    return storage?.getItem(IDENTITY_KEY) ?? null
  } catch {
    // SecurityError: storage is refused to this page
    return null
  }
}

function write(storage: StorageLike | undefined, identity: StoredIdentity): void {
  try {
    storage?.setItem(IDENTITY_KEY, JSON.stringify(identity))
  } catch {
    // refused or full: the identity lasts as long as the page
  }
}

function sessionStorageOrNone(): StorageLike | undefined {
  try {
    return typeof sessionStorage === 'undefined' ? undefined : sessionStorage
  } catch {
    // SecurityError at the mere mention, where cookies are blocked
    return undefined
  }
}

function openBroadcastChannel(): ChannelLike | undefined {
  // a server process has a BroadcastChannel too, which would keep it alive: only pages have tabs
  return typeof document === 'undefined' || typeof BroadcastChannel === 'undefined'
    ? undefined
    : new BroadcastChannel(CHANNEL_NAME)
}
