import type { Clock } from '../clock.ts'
import { coalesced } from '../coalesced-clock.ts'
import type { RedisCommands } from './redis-commands.ts'
import { LEASE_SCRIPT } from './redis-lua-lease.ts'
import { countOf, listOf, textOf } from './redis-reply.ts'
import { callScript } from './redis-script.ts'

/** Without a sign of life for so long an instance is gone, and everybody on it (I4). */
export const PRESENCE_LEASE_MS = 15_000
/** Signs of life in one lease: two may be lost. */
const SIGNS_PER_LEASE = 3
/** Leases nobody renews are remembered for so many of their lengths. */
const REMEMBERED_LEASES = 20

/** What the leases tell their log. Must not throw. */
export interface RedisInstancesOwner {
  readonly connection: Pick<RedisCommands, 'reaches' | 'run'>
  readonly clock: Clock
  /** Key of all leases. */
  readonly key: string
  /** This instance, as the others know it. */
  readonly self: string
  readonly leaseMs: number
  /** Another instance is gone. */
  gone(instance: string): void
  /** This one was taken for gone by the others (a paused process, a Redis that came back empty): they have to hear of it anew. */
  returned(): void
  /** The lease was not renewed: it may be the only thing that is ever written. */
  refused(error: Error): void
  /** Once in a while: what was told piece by piece is told whole. */
  refresh(): void
}

/**
 * The leases by which instances know of each other. Renewed three times in their length; ages are taken by the clock of
 * Redis. While Redis is away nobody is declared gone.
 */
export class RedisInstances {
  readonly #owner: RedisInstancesOwner
  /** Who is heard of → when it showed a sign of life, by the clock of this process. */
  readonly #seen = new Map<string, number>()
  #beatAt: number | undefined
  #cancel: () => void = () => undefined
  /** The last renewal failed. */
  #isBlind = false
  #isStarted = false
  #isClosed = false

  constructor(owner: RedisInstancesOwner) {
    this.#owner = owner
  }

  /** Ms since the lease was renewed; `undefined` before the first time. */
  get ageMs(): number | undefined {
    return this.#beatAt === undefined ? undefined : this.#owner.clock.now() - this.#beatAt
  }

  /** Other instances that are there. */
  get others(): number {
    return this.#seen.size
  }

  start(): void {
    this.#isStarted = true
    void this.#beat()
    this.#later()
  }

  /** Something was heard of it: from now on it is watched. */
  heardOf(instance: string): void {
    if (!this.#seen.has(instance)) this.#seen.set(instance, this.#owner.clock.now())
  }

  /** Redis is there again, perhaps empty. */
  reconnected(): void {
    if (!this.#isStarted || this.#isClosed) return
    this.#seeAnew()
    void this.#beat()
  }

  /** While Redis was away or refused nobody could say anything: everybody has a lease's length to do so. */
  #seeAnew(): void {
    this.#isBlind = false
    const now = this.#owner.clock.now()
    for (const instance of this.#seen.keys()) this.#seen.set(instance, now)
  }

  /** Gives the lease back. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancel()
    const { connection, key, self } = this.#owner
    if (connection.reaches(key)) await connection.run([{ command: 'ZREM', args: [key, self] }])
  }

  #later(): void {
    const { clock, leaseMs, refresh } = this.#owner
    this.#cancel = coalesced(clock).after(leaseMs / SIGNS_PER_LEASE, () => {
      void this.#beat()
      refresh()
      this.#later()
    })
  }

  async #beat(): Promise<void> {
    const { connection, key, self, leaseMs, clock } = this.#owner
    const [reply] = await connection.run([
      callScript(LEASE_SCRIPT, [key], [self, leaseMs * REMEMBERED_LEASES]),
    ])
    if (this.#isClosed) return
    if (reply instanceof Error) {
      this.#isBlind = true
      return this.#owner.refused(reply)
    }
    if (this.#isBlind) this.#seeAnew()
    const [own, ...others] = listOf(reply)
    const now = clock.now()
    for (let index = 0; index + 1 < others.length; index += 2) {
      const instance = textOf(others[index]) ?? ''
      const seenAt = now - (countOf(others[index + 1]) ?? 0)
      // who has been gone for long and left its lease behind is nobody new
      if (this.#seen.has(instance) || now - seenAt <= leaseMs)
        this.#seen.set(instance, Math.max(seenAt, this.#seen.get(instance) ?? 0))
    }
    const away = countOf(own)
    const isFirst = this.#beatAt === undefined
    this.#beatAt = now
    if (!isFirst && (away === undefined || away > leaseMs)) this.#owner.returned()
    this.#expire(now)
  }

  #expire(now: number): void {
    for (const [instance, seenAt] of this.#seen) {
      if (now - seenAt <= this.#owner.leaseMs) continue
      this.#seen.delete(instance)
      this.#owner.gone(instance)
    }
  }
}
