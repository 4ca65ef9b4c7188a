import { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import { describeNode, type RedisNode } from './redis-address.ts'
import { RedisConnection, type RedisKeeper } from './redis-connection.ts'
import type { RedisSettings } from './redis-options.ts'

/** Whoever was sent to a node that is not connected yet waits so long. */
const REACH_MS = 1_000

/** What a node tells its cluster. Must not throw. */
export interface ClusterNodeOwner extends RedisKeeper {
  ready(): void
  lost(error: Error): void
}

/** One server of a cluster, with the connection to it. */
export class ClusterNode {
  readonly place: RedisNode
  /** `host:port` */
  readonly name: string
  readonly connection: RedisConnection
  readonly #clock: Clock
  #waiting: (() => void)[] = []

  constructor(place: RedisNode, settings: RedisSettings, clock: Clock, owner: ClusterNodeOwner) {
    this.place = place
    this.name = describeNode(place)
    this.#clock = clock
    this.connection = new RedisConnection(new Redis(settings), clock, {
      ready: () => {
        this.#tellWaiting()
        owner.ready()
      },
      lost: (error) => owner.lost(error),
      keeper: owner,
    })
  }

  /** Whether somebody waits for it or for its answers. */
  get isBusy(): boolean {
    return this.#waiting.length > 0 || this.connection.inFlight > 0
  }

  /** Resolves once it is connected, or after a while. */
  async reached(): Promise<void> {
    if (this.connection.isReady) return
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(REACH_MS, resolve)
      this.#waiting.push(() => {
        cancel()
        resolve()
      })
    })
  }

  close(): void {
    this.connection.close()
    this.#tellWaiting()
  }

  #tellWaiting(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
