import { parseRoomName, type RoomName } from '@roomful/shared'
import type { ListClient } from 'y-redis'
import * as Y from 'yjs'
import { systemClock, type Clock } from './clock.ts'
import { redisAddress } from './log/redis-address.ts'
import { slotOf } from './log/redis-slots.ts'
import { withoutArguments } from './log/redis-trouble.ts'
import { yredisClient } from './log/yredis-options.ts'
import { openYRedis } from './worker/yredis-open.js'

/** What a binding takes from outside. */
export interface BindRoomOptions {
  /** `redis://user:password@host:port/db`, `redis+sentinel://…` or `redis+cluster://…`, as `REDIS_URL` of the servers; default `redis://127.0.0.1:6379`. */
  readonly url?: string | undefined
  /** As `REDIS_PREFIX` of the servers; default `roomful:`. */
  readonly prefix?: string | undefined
  /** PEM of the authority behind a `rediss://` server's certificate. */
  readonly ca?: string | undefined
  /** As `REDIS_SENTINEL_PASSWORD` of the servers. */
  readonly sentinelPassword?: string | undefined
  /** Told of what failed and is tried again; must not throw. */
  readonly onError?: ((error: Error) => void) | undefined
  readonly clock?: Clock | undefined
}

/** A document bound to a room. */
export interface RoomBinding {
  /** Resolves once the document holds what was stored when it was bound, or the binding was destroyed. Never rejects: it waits for Redis. */
  readonly synced: Promise<void>
  /** Resolves once all that was written until now stands in Redis. Never rejects: it waits for Redis. */
  settled(): Promise<void>
  /** Unbinds, after what was written so far has been stored or 5 s have passed. The document stays as it is. Idempotent. */
  destroy(): Promise<void>
}

/** How often a binding looks whether it missed anything. */
const LOOK_MS = 3_000
/** After a command that failed. */
const RETRY_MS = 250
const FAREWELL_MS = 5_000

/**
 * Binds a Yjs document of this process to a room: what browsers write comes in, what the document says goes out, over Redis
 * and the published y-redis, without a socket to any server. The servers need `REDIS_URL`, and `YREDIS` other than `off`.
 *
 * Made safe where y-redis is not: what comes from the room has the binding itself as its transaction origin (y-redis: none, so that
 * an undo manager takes it for your own); what observers write is sent; a lost connection is made good on its return,
 * also where Redis came back empty or older; a list that shrank, an entry that Yjs cannot apply and a lost message end nothing.
 *
 * Holds two connections to Redis; of a cluster one to its master of the room and one to some node, and asks now and then
 * who that master is.
 *
 * @throws RangeError where `room` is no room name; TypeError where `url` is no address.
 * @example
 * const doc = new Y.Doc()
 * const binding = bindRoom('lobby', doc, { url: 'redis://127.0.0.1:6379' })
 * await binding.synced
 * doc.getText('note').insert(0, 'Hello from a process. ')
 * await binding.destroy()
 */
export function bindRoom(room: string, doc: Y.Doc, options: BindRoomOptions = {}): RoomBinding {
  const name = parseRoomName(room)
  if (name === undefined) throw new RangeError(`"${room}" is no room name: 1-128 of A-Z a-z 0-9 . _ ~ -`)
  return new Binding(name, doc, options)
}

/**
 * y-redis is given a document of no use, so that its connections and its subscription are all that is left of it: its own way
 * to push and to fetch is where its faults are.
 */
class Binding implements RoomBinding {
  readonly synced: Promise<void>
  readonly #doc: Y.Doc
  readonly #clock: Clock
  readonly #onError: (error: Error) => void
  readonly #redis: ListClient
  readonly #sub: ListClient
  readonly #list: string
  readonly #bell: string
  /** What was written here and is not in the list yet, in its order. */
  #unsent: Uint8Array[] = []
  #isSending = false
  /** Entries of the list that were read. */
  #read = 0
  #isFetching = false
  #isFetchWanted = false
  /** Whether the list may lack what was pushed: to be seen after each loss of a connection, and where it shrank. */
  #isDoubtful = false
  #hasConnected = false
  #whenSettled: (() => void)[] = []
  #whenSynced: () => void = () => undefined
  #cancelLook: () => void = () => undefined
  #destroyed: Promise<void> | undefined
  #isOver = false

  constructor(room: RoomName, doc: Y.Doc, options: BindRoomOptions) {
    const { url = 'redis://127.0.0.1:6379', prefix = 'roomful:', clock = systemClock } = options
    this.#doc = doc
    this.#clock = clock
    this.#onError = options.onError ?? (() => undefined)
    this.#bell = `${prefix}${room}`
    this.#list = `${this.#bell}:updates`
    this.synced = new Promise((resolve) => (this.#whenSynced = resolve))
    // a command waits for the connection, however long: nothing of it is given up
    const { redisOpts, nodes } = yredisClient(redisAddress(url), options)
    const persistence = openYRedis({ redisOpts: { ...redisOpts, maxRetriesPerRequest: null }, nodes })
    this.#redis = persistence.redis
    this.#sub = persistence.sub
    for (const client of [this.#redis, this.#sub]) client.on('error', (error) => this.#failed(error))
    this.#redis.on('ready', () => this.#connected())
    if (nodes !== undefined) this.#watchHolder(slotOf(this.#list))
    this.#sub.on('ready', () => this.#fetchSoon())
    const bound = persistence.bindState(this.#bell, new Y.Doc())
    bound.getUpdates = () => {
      // it hears every message only while it takes itself to be at the start
      bound._fetchingClock = 0
      this.#fetchSoon()
      return Promise.resolve(bound)
    }
    bound.synced.catch((error: unknown) => this.#failed(error))
    doc.on('update', this.#written)
    if (doc.store.clients.size > 0) this.#push(Y.encodeStateAsUpdate(doc))
    this.#lookLater()
  }

  async settled(): Promise<void> {
    if (!this.#isSettled) await new Promise<void>((resolve) => this.#whenSettled.push(resolve))
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy()
    return this.#destroyed
  }

  get #isSettled(): boolean {
    return this.#unsent.length === 0 && !this.#isSending && !this.#isDoubtful
  }

  async #destroy(): Promise<void> {
    this.#doc.off('update', this.#written)
    let cancel: () => void = () => undefined
    const late = new Promise<void>((resolve) => (cancel = this.#clock.after(FAREWELL_MS, resolve)))
    await Promise.race([this.settled(), late])
    cancel()
    this.#isOver = true
    this.#cancelLook()
    this.#redis.disconnect()
    this.#sub.disconnect()
    this.#tellSettled()
    this.#whenSynced()
  }

  readonly #written = (update: Uint8Array, origin: unknown): void => {
    if (origin !== this) this.#push(update)
  }

  #push(update: Uint8Array): void {
    this.#unsent.push(update)
    if (!this.#isSending) void this.#send()
  }

  /** Never rejects. */
  async #send(): Promise<void> {
    this.#isSending = true
    while (this.#unsent.length > 0 && !this.#isOver) {
      const updates = this.#unsent
      this.#unsent = []
      try {
        const length = await this.#redis.rpushBuffer(
          this.#list,
          ...updates.map((bytes) => Buffer.from(bytes)),
        )
        await this.#redis.publish(this.#bell, String(length))
      } catch (error) {
        if (this.#isOver) break
        this.#failed(error)
        // twice in the list does no harm, lost does
        this.#unsent = [...updates, ...this.#unsent]
        await this.#pause()
      }
    }
    this.#isSending = false
    this.#tellSettled()
  }

  #connected(): void {
    if (this.#hasConnected) this.#isDoubtful = true
    this.#hasConnected = true
    this.#fetchSoon()
  }

  /** In a cluster no loss of a connection is heard: the list may have been taken over by a copy that lacks its end. */
  #watchHolder(slot: number): void {
    const holder = (): string | undefined => this.#redis.slots?.[slot]?.[0]
    let last: string | undefined
    const doubt = (): void => {
      this.#isDoubtful = true
      this.#fetchSoon()
    }
    this.#redis.on('-node', doubt)
    this.#redis.on('refresh', () => {
      const now = holder()
      if (last !== undefined && now !== last) doubt()
      last = now
    })
  }

  #fetchSoon(): void {
    this.#isFetchWanted = true
    if (!this.#isFetching && !this.#isOver) void this.#fetch()
  }

  /** Never rejects. */
  async #fetch(): Promise<void> {
    this.#isFetching = true
    while (this.#isFetchWanted && !this.#isOver) {
      this.#isFetchWanted = false
      try {
        if (this.#isDoubtful) await this.#compare()
        else await this.#readOn()
        this.#whenSynced()
      } catch (error) {
        if (this.#isOver) break
        this.#failed(error)
        this.#isFetchWanted = true
        await this.#pause()
      }
    }
    this.#isFetching = false
  }

  async #readOn(): Promise<void> {
    const from = this.#read
    const [length, updates] = await Promise.all([
      this.#redis.llen(this.#list),
      this.#redis.lrangeBuffer(this.#list, from, -1),
    ])
    if (length < from) {
      this.#isDoubtful = true
      this.#isFetchWanted = true
      return
    }
    this.#apply(this.#doc, updates)
    this.#read = from + updates.length
  }

  /** Reads the list from its start, and pushes what it lacks. */
  async #compare(): Promise<void> {
    const updates = await this.#redis.lrangeBuffer(this.#list, 0, -1)
    const stored = new Y.Doc({ gc: false })
    this.#apply(stored, updates)
    this.#apply(this.#doc, updates)
    this.#read = updates.length
    this.#isDoubtful = false
    if (!Y.equalSnapshots(Y.snapshot(stored), Y.snapshot(this.#doc)))
      this.#push(Y.encodeStateAsUpdate(this.#doc, Y.encodeStateVector(stored)))
    stored.destroy()
    this.#tellSettled()
  }

  /** What Yjs cannot apply is left out; what observers throw ends nothing. */
  #apply(doc: Y.Doc, updates: readonly Uint8Array[]): void {
    if (updates.length === 0) return
    try {
      Y.transact(
        doc,
        () => {
          for (const update of updates) this.#applyOne(doc, update)
        },
        this,
        false,
      )
    } catch (error) {
      this.#failed(error)
    }
  }

  #applyOne(doc: Y.Doc, update: Uint8Array): void {
    try {
      Y.applyUpdate(doc, update, this)
    } catch (error) {
      this.#failed(error)
    }
  }

  #lookLater(): void {
    this.#cancelLook = this.#clock.after(LOOK_MS, () => {
      if (this.#isOver) return
      this.#fetchSoon()
      this.#lookLater()
    })
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#clock.after(RETRY_MS, resolve))
  }

  #tellSettled(): void {
    if (this.#isSettled || this.#isOver) for (const resolve of this.#whenSettled.splice(0)) resolve()
  }

  #failed(error: unknown): void {
    if (!this.#isOver) this.#onError(withoutArguments(error))
  }
}
