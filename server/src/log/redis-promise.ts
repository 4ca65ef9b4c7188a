import type { Durability } from '@roomful/shared'
import { LogError } from './log-error.ts'
import type { RedisCommands } from './redis-commands.ts'
import type { RedisKeys } from './redis-keys.ts'
import { checkFormat, inspectRedis, type RedisInspection } from './redis-start.ts'

/** Told what an acknowledgement means from now on, and why Redis would be refused at a start by now. Must not throw. */
export type PromiseListener = (durability: Durability, trouble: LogError | undefined) => void

/**
 * What Redis promises of what it is given. Asked at the start, where one that throws rooms away is refused, and again whenever a
 * server is connected anew: after a failover it is another one, which may be set up otherwise.
 */
export class RedisPromise {
  readonly #commands: RedisCommands
  readonly #inspection: RedisInspection
  readonly #listener: PromiseListener
  #durability: Durability = 'redis-unknown'
  #trouble: string | undefined
  #hasBegun = false
  #isAsking = false
  #isWanted = false

  constructor(commands: RedisCommands, inspection: RedisInspection, listener: PromiseListener) {
    this.#commands = commands
    this.#inspection = inspection
    this.#listener = listener
  }

  get durability(): Durability {
    return this.#durability
  }

  /** @throws LogError as {@link inspectRedis} and {@link checkFormat} do. */
  async begin(keys: RedisKeys): Promise<void> {
    this.#durability = (await inspectRedis(this.#commands, this.#inspection)) ?? this.#durability
    await checkFormat(this.#commands, keys)
    this.#hasBegun = true
  }

  /** Asks again; where Redis does not answer, what was known counts. Never rejects. */
  async renew(): Promise<void> {
    this.#isWanted = this.#hasBegun
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      while (this.#isWanted) {
        this.#isWanted = false
        await this.#ask()
      }
    } finally {
      this.#isAsking = false
    }
  }

  async #ask(): Promise<void> {
    let [durability, trouble]: [Durability, LogError | undefined] = [this.#durability, undefined]
    try {
      durability = (await inspectRedis(this.#commands, this.#inspection)) ?? durability
    } catch (error) {
      trouble = error instanceof LogError ? error : undefined
    }
    if (durability === this.#durability && trouble?.message === this.#trouble) return
    this.#durability = durability
    this.#trouble = trouble?.message
    this.#listener(durability, trouble)
  }
}
