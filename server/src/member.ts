import { MESSAGE, type CloseCode, type Permission } from '@roomful/shared'
import type { VerifiedUser } from './authorize.ts'

/** Messages in pieces: those of each lie one behind the other. Who frames a message copies it once. */
export type PiecedMessages = readonly (readonly Uint8Array[])[]

const NO_MESSAGES: PiecedMessages = []

/**
 * Messages for many members at once. The socket layer frames them at most once and keeps the result in `framed`:
 * what a room says in one turn is framed once and written once per member.
 */
export class MessageBatch {
  /** Whole messages, before {@link pieced}. */
  readonly whole: readonly Uint8Array[]
  readonly pieced: PiecedMessages
  /** Of all messages, without their frames. */
  readonly bytes: number
  /** How many of them are sync messages. */
  readonly syncs: number
  /** WebSocket frames of all messages, one behind the other; filled by the first member that writes them. */
  framed: Uint8Array | undefined

  constructor(whole: readonly Uint8Array[], pieced: PiecedMessages = NO_MESSAGES) {
    this.whole = whole
    this.pieced = pieced
    let bytes = 0
    let syncs = 0
    for (const message of whole) {
      bytes += message.length
      if (message[0] === MESSAGE.sync) syncs += 1
    }
    for (const pieces of pieced) bytes += totalOf(pieces)
    this.bytes = bytes
    this.syncs = syncs
  }

  get isEmpty(): boolean {
    return this.whole.length === 0 && this.pieced.length === 0
  }

  get count(): number {
    return this.whole.length + this.pieced.length
  }

  /** All messages, whole: for who does not frame. */
  get messages(): readonly Uint8Array[] {
    return this.pieced.length === 0 ? this.whole : [...this.whole, ...this.pieced.map(concat)]
  }
}

/** Bytes of a message in pieces. */
export function totalOf(pieces: readonly Uint8Array[]): number {
  let bytes = 0
  for (const piece of pieces) bytes += piece.length
  return bytes
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(totalOf(pieces))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** One connection as its room sees it: never a socket. */
export interface Member {
  /** Unique in this process. */
  readonly connectionId: number
  /** Asked for Roomful's extensions with `?v=1`. */
  readonly extended: boolean
  /** Asked with `?v=2` or higher: of who only moved it may be told the numbers (108). */
  readonly takesMoved?: boolean | undefined
  /** `?key=`: proves that two connections are the same tab. */
  readonly key: string | undefined
  /** May change while the member is in a room, which then hears of it through `permitted`. */
  readonly permission: Permission
  /** Who this is, where the authorizer knows it: the same id as long as the connection lives. */
  readonly user?: VerifiedUser | undefined
  /** Sends a keepalive every ten seconds by itself (W6); the room does it for who does not. */
  readonly keepsItselfAlive?: boolean | undefined
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedBytes: number
  /** One message, one WebSocket frame. Never throws; a closed member ignores it. */
  send(message: Uint8Array): void
  /** Several messages in order, each its own WebSocket frame, in one write. Never throws. */
  sendBatch(batch: MessageBatch): void
  /** Counts work done for this member against its rate, in frames' worth: it may be read more slowly. */
  charge(frames: number): void
  /** Asks the other side for a sign of life; `answered` is called at the pong. Used for presence conflicts. */
  ping(answered: () => void): void
  /**
   * While held nothing more is read from the connection: the room has not taken yet what was received. Frames that were read
   * already may still come.
   */
  hold(isHeld: boolean): void
  /** Closes the connection; the room hears of it through `leave`. Idempotent. */
  close(code: CloseCode, reason: string): void
}
