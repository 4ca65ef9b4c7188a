import type { RedisJob } from './redis-commands.ts'
import type { RoomKeys } from './redis-keys.ts'
import { lookCall, parseLook, type Asked, type Found } from './redis-room-calls.ts'

/** What looking at a stored room needs of it. */
export interface RedisLooksOwner {
  readonly keys: RoomKeys
  /** Names the room as a reader. */
  readonly reader: string
  /** What was read, and whether anything was stored. */
  read(): Asked
  /** Grows when positions of before mean nothing any more: what was asked before is not answered. */
  era(): number
  /** There is something to ask at the end of this turn. */
  wake(): void
  failed(error: Error): void
  /** @param isCheck nothing may be stored before this is answered. */
  looked(found: Found | undefined, asked: Asked, isCheck: boolean): void
}

/** The looks of a room at what is stored of it: whether that is what was read, and whether something was missed. One at a time. */
export class RedisLooks {
  readonly #owner: RedisLooksOwner
  #isChecked = true
  #isWanted = false
  #isAsked = false
  #registers = false

  constructor(owner: RedisLooksOwner) {
    this.#owner = owner
  }

  /** Whether the store was seen to be the one that was read, since the last connect. */
  get isChecked(): boolean {
    return this.#isChecked
  }

  /** @param registers tells the others how far this reader is. */
  want(registers = false): void {
    this.again()
    this.#registers ||= registers
    this.#owner.wake()
  }

  /** As {@link want}, with whatever is asked next. */
  again(): void {
    this.#isWanted = true
  }

  /** Whether this is still the log that was read has to be seen before anything is stored. */
  wantAnew(): void {
    this.doubt()
    this.want()
  }

  doubt(): void {
    this.#isChecked = false
  }

  trust(): void {
    this.#isChecked = true
  }

  takeJob(): RedisJob | undefined {
    if (!this.#isWanted || this.#isAsked) return undefined
    this.#isWanted = false
    this.#isAsked = true
    const { keys, reader, read, era } = this.#owner
    // a message may overtake the answer: then the room is born, and the answer is of before
    const asked = read()
    const askedIn = era()
    const isCheck = !this.#isChecked
    const registers = this.#registers
    this.#registers = false
    return {
      call: lookCall(keys, asked.last, registers ? reader : ''),
      answered: (reply) => {
        this.#isAsked = false
        if (reply instanceof Error) {
          this.#registers ||= registers
          return this.#owner.failed(reply)
        }
        if (askedIn === era()) this.#owner.looked(parseLook(reply), asked, isCheck)
        // asked for while this one was on its way
        if (this.#isWanted) this.#owner.wake()
      },
    }
  }
}
