import { presenceKind, RedisRoomPresence } from '../../../server/src/log/redis-room-presence.ts'
import { PRESENCE_LEASE_MS } from '../../../server/src/log/redis-instances.ts'
import type { LogSink } from '../../../server/src/log/room-log.ts'
import type { SimClock } from './sim-clock.ts'

/** Each instance tells everything anew so often, as its lease is renewed. */
const REFRESH_MS = PRESENCE_LEASE_MS / 3

/**
 * The channel of one room between instances, without a Redis: what the real `RedisRoomPresence` publishes waits for each of
 * the others until the test delivers it.
 */
export class Gossip {
  readonly #clock: SimClock
  readonly #members: Mailbox[] = []

  constructor(clock: SimClock) {
    this.#clock = clock
  }

  join(): Mailbox {
    const mailbox = new Mailbox(this.#clock, this.#members.length, (from, message) => {
      for (const other of this.#members) if (other !== from) other.post(message)
    })
    mailbox.lapsed = (instance) => {
      for (const other of this.#members) if (other !== mailbox) other.gone(instance)
    }
    this.#members.push(mailbox)
    return mailbox
  }
}

/** What one instance hears of the others, and says to them. */
export class Mailbox {
  /** Its lease has run out: the others are told so. */
  lapsed: (instance: string) => void = () => undefined
  readonly #clock: SimClock
  readonly #index: number
  readonly #publish: (from: Mailbox, message: Buffer) => void
  #mail: Buffer[] = []
  #presence: RedisRoomPresence | undefined
  #starts = 0
  #opens = 0

  constructor(clock: SimClock, index: number, publish: (from: Mailbox, message: Buffer) => void) {
    this.#clock = clock
    this.#index = index
    this.#publish = publish
  }

  get waiting(): number {
    return this.#mail.length
  }

  get isHeard(): boolean {
    return this.#presence?.isHeard ?? false
  }

  open(sink: LogSink): void {
    const opened = ++this.#opens
    const isOver = (): boolean => opened !== this.#opens
    const presence = new RedisRoomPresence({
      channel: 'room',
      self: this.#self,
      sink,
      isReady: () => !isOver(),
      wake: () => this.#clock.endOfTurn(() => isOver() || this.#send(presence)),
      heardOf: () => undefined,
      superseded: () => undefined,
    })
    this.#presence = presence
    presence.ask()
    const refreshLater = (): void => {
      this.#clock.after(REFRESH_MS, () => {
        if (isOver()) return
        presence.refresh()
        refreshLater()
      })
    }
    refreshLater()
  }

  broadcast(bytes: Uint8Array, isSaidOnce = false): void {
    this.#presence?.broadcast(bytes, isSaidOnce)
  }

  post(message: Buffer): void {
    if (this.#presence !== undefined) this.#mail.push(message)
  }

  deliver(count: number): number {
    const batch = this.#mail.splice(0, count)
    for (const message of batch) {
      const end = message.indexOf('\n')
      const [letter, instance = ''] = message.subarray(0, end).toString('latin1').split(' ')
      const kind = presenceKind(letter)
      if (kind !== undefined) this.#presence?.heard(kind, instance, message.subarray(end + 1))
    }
    return batch.length
  }

  /** The connection to the channel is lost and there again: what was on its way is lost. @returns whether it was there. */
  reconnect(): boolean {
    this.#mail = []
    this.#presence?.renew()
    return this.#presence !== undefined
  }

  /** The instance was taken for gone, a paused process, and goes on. @returns whether it was there. */
  lapse(): boolean {
    if (this.#presence === undefined) return false
    this.lapsed(this.#self)
    this.#presence.renew()
    return true
  }

  gone(instance: string): void {
    this.#presence?.gone(instance)
  }

  leave(): void {
    for (const { args } of this.#presence?.takeLastCalls() ?? []) this.#publishBytes(args[1])
    this.#end()
  }

  /** The process is gone; the others notice when its lease runs out. */
  crash(): void {
    const self = this.#self
    this.#clock.after(PRESENCE_LEASE_MS, () => this.lapsed(self))
    this.#starts++
    this.#end()
  }

  get #self(): string {
    return `${this.#index}.${this.#starts}`
  }

  #end(): void {
    this.#opens++
    this.#mail = []
    this.#presence = undefined
  }

  #send(presence: RedisRoomPresence): true {
    for (const { call, answered } of presence.takeJobs(() => undefined)) {
      this.#publishBytes(call.args[1])
      answered(0)
    }
    return true
  }

  #publishBytes(message: unknown): void {
    if (Buffer.isBuffer(message)) this.#publish(this, message)
  }
}
