import type { RedisJob } from './redis-commands.ts'

/** A room's place in the listing: taken with its first append, so that what is stored can always be found. */
export class RedisListing {
  readonly #key: string
  readonly #room: string
  #isListed = false
  #isWanted = false

  /** @param key of all rooms. */
  constructor(key: string, room: string) {
    this.#key = key
    this.#room = room
  }

  /** Something is about to be stored. */
  want(): void {
    this.#isWanted ||= !this.#isListed
  }

  /** The store is another one. */
  forget(): void {
    this.#isListed = false
  }

  /** @param failed told where Redis refuses: it is asked again with the next jobs. */
  takeJobs(failed: (error: Error) => void): RedisJob[] {
    if (!this.#isWanted) return []
    this.#isWanted = false
    return [
      {
        call: { command: 'ZADD', args: [this.#key, 0, this.#room] },
        answered: (reply) => {
          this.#isListed = !(reply instanceof Error)
          if (!(reply instanceof Error)) return
          // the append beside it may have been taken all the same
          this.#isWanted = true
          failed(reply)
        },
      },
    ]
  }
}
