import type { Redis } from 'ioredis'
import { textOf } from './redis-reply.ts'

/** The canary of an instance that ends without a word is forgotten after this, s. One that was idle for so long puts it down anew. */
const KEPT_S = 3_600

/** What a canary tells its connection. Must not throw. */
export interface RedisCanaryOwner {
  /** A key that this server holds, of this instance alone; `undefined` where it holds none. */
  key(): string | undefined
  /** What the server holds is not what it held: everything that was read of it has to be looked at. */
  exchanged(): void
  /** The server takes no writes: it follows another one, or holds other keys by now. */
  demoted(): void
}

/**
 * A value that one instance keeps on one server and gives another one whenever it has read or stored something there. Found
 * missing or older it tells, without a look at any room, that what the server holds was exchanged under the open connection:
 * flushed, restored from a backup, another server's copy. While nothing happens it is only read.
 */
export class RedisCanary {
  readonly #redis: Redis
  readonly #owner: RedisCanaryOwner
  #number = 0
  /** The key and what it should hold; `undefined` before it was put down on this connection. */
  #kept: { readonly key: string; readonly value: string } | undefined
  #isTouched = true
  #isAsking = false
  /** Answers of before a new connection mean nothing. */
  #era = 0

  constructor(redis: Redis, owner: RedisCanaryOwner) {
    this.#redis = redis
    this.#owner = owner
  }

  /** Something was read or stored: a copy from before it is an older one from now on. */
  touch(): void {
    this.#isTouched = true
  }

  /** A connection was made, or lost: what the server holds is looked at by other means. */
  begin(): void {
    this.#era += 1
    this.#isAsking = false
    this.#kept = undefined
    this.#isTouched = true
  }

  /** @returns whether the server was asked anything: not while it owes an answer, nor where it holds no key. */
  ask(): boolean {
    const key = this.#owner.key()
    if (key === undefined || this.#isAsking) return false
    // the one of before is on another server by now
    if (this.#kept?.key !== key) this.#kept = undefined
    const era = this.#era
    this.#isAsking = true
    const { exchanged } = this.#owner
    const asked = this.#isTouched || this.#kept === undefined ? this.#renew(key, era) : this.#read(key, era)
    void asked.then((isOther) => {
      if (era !== this.#era) return
      this.#isAsking = false
      if (isOther) exchanged()
    })
    return true
  }

  /** @returns whether it was another one before. Never rejects. */
  async #renew(key: string, era: number): Promise<boolean> {
    this.#isTouched = false
    this.#number += 1
    const value = String(this.#number)
    try {
      const before = await this.#redis.callBuffer('SET', key, value, 'EX', KEPT_S, 'GET')
      if (era !== this.#era) return false
      const isOther = this.#kept !== undefined && textOf(before) !== this.#kept.value
      this.#kept = { key, value }
      return isOther
    } catch (error) {
      if (era !== this.#era) return false
      // refused, for which there may be many reasons: it protects no more than before
      this.#isTouched = true
      if (error instanceof Error && /^(READONLY|MOVED) /.test(error.message)) this.#owner.demoted()
      return false
    }
  }

  /** @returns whether it is another one. Never rejects. */
  async #read(key: string, era: number): Promise<boolean> {
    try {
      const isOther = textOf(await this.#redis.getBuffer(key)) !== this.#kept?.value
      if (era !== this.#era) return false
      if (isOther) this.#kept = undefined
      return isOther
    } catch {
      // refused, or lost: then a new connection looks by itself
      return false
    }
  }
}
