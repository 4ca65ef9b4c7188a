import type { RedisConnection } from './redis-connection.ts'

/** The channels of the open rooms, on a connection of their own. */
export class RedisSubscriptions {
  readonly #connection: RedisConnection
  readonly #listeners = new Map<string, (message: Buffer) => void>()
  #incarnation = 0
  #isHeld = false

  constructor(connection: RedisConnection) {
    this.#connection = connection
    connection.redis.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      this.#listeners.get(channel.toString())?.(message)
    })
  }

  /**
   * Several at once: nobody sees one held without the others. Resolves once everything that is published from now on is
   * heard. Rejects where the connection is down.
   */
  async add(listeners: ReadonlyMap<string, (message: Buffer) => void>): Promise<void> {
    for (const [channel, heard] of listeners) this.#listeners.set(channel, heard)
    await this.#connection.redis.subscribe(...listeners.keys())
  }

  remove(...channels: string[]): void {
    for (const channel of channels) this.#listeners.delete(channel)
    // a connection that is down has forgotten it already
    if (this.#connection.isReady) this.#connection.redis.unsubscribe(...channels).catch(() => undefined)
  }

  /** Names the connection on which everything is heard; `undefined` while it is not. */
  get incarnation(): number | undefined {
    return this.#isHeld ? this.#incarnation : undefined
  }

  /**
   * The connection is new. Resolves once everything is heard again; what was missed meanwhile has to be looked for. Rejects
   * where Redis refuses, or where the connection was lost again.
   */
  async renew(): Promise<void> {
    this.#isHeld = false
    this.#incarnation += 1
    const incarnation = this.#incarnation
    const channels = [...this.#listeners.keys()]
    if (channels.length > 0) await this.#connection.redis.subscribe(...channels)
    this.#isHeld = incarnation === this.#incarnation
  }
}
