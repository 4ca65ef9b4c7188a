import type { RedisCommands } from './redis-commands.ts'
import type { RedisConnection } from './redis-connection.ts'
import { countOf } from './redis-reply.ts'
import type { RedisSubscriptions } from './redis-subscriptions.ts'

/** What an ear needs. */
export interface RedisEarOwner {
  readonly commands: RedisCommands
  readonly subscriber: RedisConnection
  readonly subscriptions: RedisSubscriptions
  /** A channel of this instance alone. */
  readonly channel: string
  /** Commands go to several servers, one of which tells what all of them are told. */
  readonly isCluster: boolean
}

/** One test: who said it on which connection, and who was heard. */
interface Round {
  readonly number: string
  readonly incarnation: number
  /** Servers that took it. */
  told: number
  heard: number
}

/**
 * Proves that what is published where commands go is heard here. After a failover the one connection may be at the new
 * server while the other is still held by the old one, alive and silent for good: entries would come by the poll only,
 * presence never. The same for a node of a cluster that is cut off from the others.
 */
export class RedisEar {
  readonly #owner: RedisEarOwner
  #round: Round | undefined
  #rounds = 0

  constructor(owner: RedisEarOwner) {
    this.#owner = owner
  }

  /** Rejects where the connection is down. */
  open(): Promise<void> {
    const { subscriptions, channel } = this.#owner
    const heard = (message: Buffer): void => {
      if (this.#round?.number === message.toString()) this.#round.heard += 1
    }
    return subscriptions.add(new Map([[channel, heard]]))
  }

  /**
   * Asked from time to time. A single server says at once how many it told; of a cluster's servers each has to be heard
   * by the next time. Where that fails the subscriber connects anew. Never rejects.
   */
  async test(): Promise<void> {
    const { commands, subscriber, subscriptions, channel, isCluster } = this.#owner
    const { incarnation } = subscriptions
    const last = this.#round
    this.#round = undefined
    if (incarnation === undefined || !subscriber.isReady) return
    if (last !== undefined && last.incarnation === incarnation && last.heard < last.told)
      return subscriber.reconnect()
    this.#rounds += 1
    const round: Round = { number: String(this.#rounds), incarnation, told: 0, heard: 0 }
    if (isCluster) this.#round = round
    const replies = await commands.runEverywhere([{ command: 'PUBLISH', args: [channel, round.number] }])
    const told = replies.map(([reply]) => countOf(reply)).filter((count) => count !== undefined)
    round.told = told.length
    const isUnheard = !isCluster && told[0] === 0
    if (isUnheard && subscriptions.incarnation === incarnation) subscriber.reconnect()
  }
}
