import type { HealthListener } from './supervised-store.ts'
import { isMoving, isOwnFault } from './redis-trouble.ts'

/** Keys that move to another server are there again in milliseconds; who waits longer has been forgotten. */
const MOVING_MS = 5_000

/** Whoever Redis may refuse something. */
export interface RefusedRoom {
  /** Whether the server that holds it is there. */
  readonly isReachable: boolean
}

/** Whether Redis takes what it is given: told when that changes. */
export class RedisHealth<Room extends RefusedRoom> {
  readonly #listener: HealthListener
  /** To whom Redis refused something that it has not taken since, and since when. */
  readonly #refused = new Map<Room, number>()
  #isHealthy = true

  constructor(listener: HealthListener) {
    this.#listener = listener
  }

  get isHealthy(): boolean {
    return this.#isHealthy
  }

  /** Redis refused something, or did not answer. */
  failed(room: Room, error: Error): void {
    // Redis is well: what it holds of this room is not
    if (isOwnFault(error)) return
    const now = performance.now()
    const since = this.#refused.get(room) ?? now
    this.#refused.set(room, since)
    if (!isMoving(error) || now - since >= MOVING_MS) this.#set(false, error)
  }

  /** A server was lost. */
  lost(error: Error): void {
    this.#set(false, error)
  }

  /** Redis took something of it, or answered and there is nothing to take. @returns whether that ends a refusal. */
  answered(room: Room, isAllThere: boolean): boolean {
    const wasRefused = this.#refused.delete(room)
    this.#recover(isAllThere)
    return wasRefused
  }

  /** Servers are there again. Who was refused something has to be taken something of, or answered: that a socket opened proves nothing. */
  returned(isAllThere: boolean): void {
    this.#recover(isAllThere)
  }

  #recover(isAllThere: boolean): void {
    if (this.#refused.size === 0 && isAllThere) this.#set(true)
  }

  #set(isHealthy: boolean, error?: Error): void {
    if (this.#isHealthy === isHealthy) return
    this.#isHealthy = isHealthy
    try {
      this.#listener(isHealthy, error)
    } catch {
      // a listener that throws must not end what it listens to
    }
  }
}
