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
}

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

/**
 * Who is present elsewhere, and telling them who is here: bytes of the room, best effort. An instance that begins to
 * listen, or may have missed something, asks; everybody answers with all it has. While nobody else has the room open
 * nothing is sent.
 */
export class RedisRoomPresence {
  readonly #owner: RedisRoomPresenceOwner
  readonly #others = new Set<string>()
  #pending: Buffer[] = []
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

  broadcast(bytes: Uint8Array): void {
    // what is lost while Redis is away is told whole when it is back
    if (!this.isHeard || !this.#owner.isReady()) return
    this.#isStale = true
    this.#send('tells', bytes)
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
    this.#pending = []
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
    return this.#takeCalls()
  }

  /** @param failed told where Redis refuses: all is said again once {@link answered} is called. */
  takeJobs(failed: (error: Error) => void): RedisJob[] {
    const answered = (reply: RedisReply): void => {
      if (!(reply instanceof Error)) return
      this.#hasFailed = true
      failed(reply)
    }
    return this.#takeCalls().map((call) => ({ call, answered }))
  }

  #takeCalls(): RedisCall[] {
    const pending = this.#pending
    this.#pending = []
    return pending.map((message) => ({ command: 'PUBLISH', args: [this.#owner.channel, message] }))
  }

  /** @returns whether this is the first that is heard of it. */
  #listens(instance: string): boolean {
    const isNew = !this.#others.has(instance)
    this.#others.add(instance)
    this.#owner.heardOf(instance)
    return isNew
  }

  #send(kind: PresenceKind, bytes: Uint8Array): void {
    this.#pending.push(encodePresenceMessage(kind, this.#owner.self, bufferOf(bytes)))
    this.#owner.wake()
  }
}
