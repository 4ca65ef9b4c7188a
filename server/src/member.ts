import type { CloseCode, Permission } from '@roomful/shared'
import type { VerifiedUser } from './authorize.ts'

/**
 * Messages for many members at once. The socket layer frames them at most once and keeps the result in `framed`:
 * what a room says in one turn is framed once and written once per member.
 */
export class MessageBatch {
  readonly messages: readonly Uint8Array[]
  /** WebSocket frames of all messages, one behind the other; filled by the first member that writes them. */
  framed: Uint8Array | undefined

  constructor(messages: readonly Uint8Array[]) {
    this.messages = messages
  }
}

/** One connection as its room sees it: never a socket. */
export interface Member {
  /** Unique in this process. */
  readonly connectionId: number
  /** Asked for Roomful's extensions with `?v=1`. */
  readonly extended: boolean
  /** `?key=`: proves that two connections are the same tab. */
  readonly key: string | undefined
  /** May change while the member is in a room, which then hears of it through `permitted`. */
  readonly permission: Permission
  /** Who this is, where the authorizer knows it: the same id as long as the connection lives. */
  readonly user?: VerifiedUser | undefined
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
  /** Closes the connection; the room hears of it through `leave`. Idempotent. */
  close(code: CloseCode, reason: string): void
}
