import type { RoomName } from '@roomful/shared'
import type { Clock } from '../clock.ts'
import { LogError } from './log-error.ts'
import type { RedisCommands } from './redis-commands.ts'
import type { RoomKeys } from './redis-keys.ts'
import type { RedisOrder } from './redis-order.ts'
import { EntriesTrimmed, LogForked, readStream } from './redis-stream.ts'

/** An own append may be answered before somebody else's was heard: so long nobody worries about a hole. */
const HOLE_MS = 50

/** What reading on needs of its room. */
export interface RedisHolesOwner {
  readonly room: RoomName
  readonly keys: RoomKeys
  readonly connection: RedisCommands
  readonly clock: Clock
  readonly order: RedisOrder
  /** Something is missing: whether this is still the log that was read comes first. */
  suspected(): void
  /** What is stored does not stand behind what was read. */
  forked(): void
  /** An entry was read that nobody had told of. */
  filled(): void
  /** Everything was read up to the end. */
  settled(): void
  isOver(): boolean
  /** What was missing is trimmed: it stands in a snapshot. */
  trimmed(): void
  corrupt(error: LogError): void
}

/** Reads on from the room's place in the stream, where messages left a hole. One read at a time. */
export class RedisHoles {
  readonly #owner: RedisHolesOwner
  #isFilling = false
  #isWanted = false
  #isHeld = false
  /** What is being read is another log by now. */
  #era = 0
  #cancelLater: (() => void) | undefined

  constructor(owner: RedisHolesOwner) {
    this.#owner = owner
  }

  /** Never rejects: what fails is tried again by the next look. */
  async fill(): Promise<void> {
    this.#isWanted = true
    if (this.#isFilling || this.#isHeld) return
    this.#isFilling = true
    const era = this.#era
    const { order, filled, settled, isOver, forked, trimmed, corrupt } = this.#owner
    try {
      // a hole that was noticed while reading may lie behind what was read
      while (this.#takeWish()) {
        for await (const stored of readStream(this.#owner, order, undefined)) {
          if (era !== this.#era || isOver()) return
          if (stored.sequence > order.last) filled()
          order.take(stored)
        }
        settled()
      }
    } catch (error) {
      if (error instanceof EntriesTrimmed && era === this.#era) trimmed()
      else if (error instanceof LogForked && era === this.#era) forked()
      else if (error instanceof LogError && error.code === 'corrupt') corrupt(error)
    } finally {
      this.#isFilling = false
    }
  }

  /** Something waits for its predecessor, which may be on its way. */
  fillSoon(): void {
    this.#cancelLater ??= this.#owner.clock.after(HOLE_MS, () => {
      this.#cancelLater = undefined
      if (this.#owner.order.hasHole) this.#owner.suspected()
    })
  }

  /** The log is another one: nothing is read until {@link release}. */
  hold(): void {
    this.#era += 1
    this.#isHeld = true
  }

  release(): void {
    this.#isHeld = false
  }

  close(): void {
    this.#cancelLater?.()
  }

  #takeWish(): boolean {
    const isWanted = this.#isWanted
    this.#isWanted = false
    return isWanted
  }
}
