import { bufferOf } from './redis-reply.ts'
import type { RedisCall, RedisJob, RedisReply } from './redis-commands.ts'
import type { LogSink } from './room-log.ts'

/** What the presence of an open room needs. */
export interface RedisRoomPresenceOwner {
  /** The room's channel. */
  readonly channel: string
  /** This instance, as the others know it. */
  readonly self: string
  readonly sink: LogSink
  /** Whether anything can be sent at all now. */
  isReady(): boolean
  /** There is something to send at the end of this turn. */
  wake(): void
  /** Another instance was heard of. */
  heardOf(instance: string): void
  /** So many messages were not sent, for Redis was slow: one that tells everything took their place. */
  superseded(count: number): void
}

/** Messages of one room that Redis has not answered yet; what comes meanwhile waits here, and not in the socket's buffer. */
const MAX_IN_FLIGHT = 8
/** What may wait; more becomes one message that tells everything as it is then. */
const MAX_WAITING_BYTES = 64 * 1024
/** What that message does not say goes in front of it, up to this: questions who somebody is, and answers to them. */
const MAX_SAID_ONCE_BYTES = 16 * 1024

/**
 * Message kinds of presence in a room's channel: it `tells` something, it `asks` everybody to tell what they have (it has
 * just begun to listen), it `leaves` the room.
 */
export type PresenceKind = 'tells' | 'asks' | 'leaves'

const LETTERS: Readonly<Record<PresenceKind, string>> = { tells: 'p', asks: 'q', leaves: 'l' }

/** The kind behind the first letter of a message; `undefined` where it is none of presence. */
export function presenceKind(letter: string | undefined): PresenceKind | undefined {
  for (const kind of ['tells', 'asks', 'leaves'] as const) if (LETTERS[kind] === letter) return kind
  return undefined
}

/** A message of the channel: kind, who sent it, and what. */
export function encodePresenceMessage(kind: PresenceKind, instance: string, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${LETTERS[kind]} ${instance}\n`, 'latin1'), bytes])
}

const NOTHING = new Uint8Array(0)

interface Waiting {
  readonly kind: PresenceKind
  readonly message: Buffer
  /** A message that tells everything does not say it. */
  readonly isSaidOnce: boolean
}

/**
 * Who is present elsewhere, and telling them who is here: bytes of the room, best effort. An instance that begins to
 * listen, or may have missed something, asks; everybody answers with all it has. While nobody else has the room open
 * nothing is sent. What a slow Redis cannot keep up with is bounded.
 */
export class RedisRoomPresence {
  readonly #owner: RedisRoomPresenceOwner
  readonly #others = new Set<string>()
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #inFlight = 0
  /** Whether something was told piece by piece since it was told whole. */
  #isStale = false
  /** Whether Redis refused something that was said. */
  #hasFailed = false

  constructor(owner: RedisRoomPresenceOwner) {
    this.#owner = owner
  }

  /** Whether another instance has the room open. */
  get isHeard(): boolean {
    return this.#others.size > 0
  }

  /** @param isSaidOnce the whole of what there is to tell does not say it again. */
  broadcast(bytes: Uint8Array, isSaidOnce = false): void {
    // what is lost while Redis is away is told whole when it is back
    if (!this.isHeard || !this.#owner.isReady()) return
    this.#isStale = true
    this.#send('tells', bytes, isSaidOnce)
  }

  /** Asks everybody who is there; what they say replaces what was known. */
  ask(): void {
    this.#send('asks', NOTHING)
  }

  /** Tells everything there is to tell. */
  tellWhole(): void {
    const bytes = this.#owner.sink.presence?.()
    if (bytes === undefined) return
    this.#isStale = false
    this.#send('tells', bytes)
  }

  /** From time to time: mends whatever was lost without a trace. */
  refresh(): void {
    if (this.isHeard && this.#isStale) this.tellWhole()
  }

  /** Nothing of before can be relied on: the connection is new, or the others thought that this instance was gone. */
  renew(): void {
    this.#forget()
    this.#hasFailed = false
    this.ask()
    this.tellWhole()
  }

  /** Redis answers. */
  answered(): void {
    if (this.#hasFailed) this.renew()
  }

  heard(kind: PresenceKind, instance: string, bytes: Uint8Array): void {
    const { self, sink } = this.#owner
    if (instance === self) return
    switch (kind) {
      case 'asks':
        this.#listens(instance)
        return this.tellWhole()
      case 'tells':
        // before, it was not told of what changed here
        if (this.#listens(instance)) this.tellWhole()
        return sink.onAwareness(instance, bytes)
      case 'leaves':
        return this.gone(instance)
    }
  }

  /** The instance does not have the room open any more, or is no more. */
  gone(instance: string): void {
    if (this.#others.delete(instance)) this.#owner.sink.onInstanceGone(instance)
  }

  /** What is still to be sent, and a good-bye. */
  takeLastCalls(): readonly RedisCall[] {
    this.#send('leaves', NOTHING)
    return this.#takeCalls(Number.POSITIVE_INFINITY)
  }

  /** @param failed told where Redis refuses: all is said again once {@link answered} is called. */
  takeJobs(failed: (error: Error) => void): RedisJob[] {
    const answered = (reply: RedisReply): void => {
      this.#inFlight -= 1
      if (this.#waiting.length > 0) this.#owner.wake()
      if (!(reply instanceof Error)) return
      this.#hasFailed = true
      failed(reply)
    }
    const calls = this.#takeCalls(MAX_IN_FLIGHT - this.#inFlight)
    this.#inFlight += calls.length
    return calls.map((call) => ({ call, answered }))
  }

  #takeCalls(max: number): RedisCall[] {
    const taken = this.#waiting.splice(0, max)
    for (const { message } of taken) this.#waitingBytes -= message.byteLength
    return taken.map(({ message }) => ({ command: 'PUBLISH', args: [this.#owner.channel, message] }))
  }

  #forget(): readonly Waiting[] {
    this.#waitingBytes = 0
    return this.#waiting.splice(0)
  }

  /** @returns whether this is the first that is heard of it. */
  #listens(instance: string): boolean {
    const isNew = !this.#others.has(instance)
    this.#others.add(instance)
    this.#owner.heardOf(instance)
    return isNew
  }

  #send(kind: PresenceKind, bytes: Uint8Array, isSaidOnce = kind !== 'tells'): void {
    const message = encodePresenceMessage(kind, this.#owner.self, bufferOf(bytes))
    // the first one waits whatever it weighs
    if (this.#waiting.length > 0 && this.#waitingBytes + message.byteLength > MAX_WAITING_BYTES)
      this.#supersede()
    this.#push({ kind, message, isSaidOnce })
    this.#owner.wake()
  }

  #push(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.#waitingBytes += waiting.message.byteLength
  }

  /** The latest of everybody says all that what waits would have said, but for what is said once: of that the latest go first. */
  #supersede(): void {
    const { superseded, self, sink } = this.#owner
    const before = this.#forget()
    let keptBytes = 0
    const kept = before.filter(({ isSaidOnce }) => isSaidOnce)
    const fits = kept.toReversed().filter(({ kind, message }) => {
      keptBytes += message.byteLength
      return kind === 'asks' || keptBytes <= MAX_SAID_ONCE_BYTES
    })
    for (const waiting of fits.toReversed()) this.#push(waiting)
    superseded(before.length - fits.length)
    const bytes = sink.presence?.()
    if (bytes === undefined) return
    const message = encodePresenceMessage('tells', self, bufferOf(bytes))
    this.#push({ kind: 'tells', message, isSaidOnce: false })
  }
}
