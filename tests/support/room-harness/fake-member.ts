import { decodeMessage, type CloseCode, type Permission, type WireMessage } from '@roomful/shared'
import type { VerifiedUser } from '../../../server/src/authorize.ts'
import type { Member, MessageBatch } from '../../../server/src/member.ts'

/** How a fake connection presents itself. */
export interface MemberFacts {
  readonly extended?: boolean
  readonly takesMoved?: boolean
  readonly key?: string
  readonly permission?: Permission
  readonly keepsItselfAlive?: boolean
  readonly user?: VerifiedUser
}

let lastConnectionId = 0

/** A connection without a socket: keeps what it was sent, buffers what a test says it buffers. */
export class FakeMember implements Member {
  readonly connectionId: number
  readonly extended: boolean
  readonly takesMoved: boolean
  readonly key: string | undefined
  readonly permission: Permission
  readonly keepsItselfAlive: boolean
  readonly user: VerifiedUser | undefined
  bufferedBytes = 0
  /** Added to the buffer with every byte sent: a network that takes nothing. */
  isStuck = false
  closed: { readonly code: number; readonly reason: string } | undefined
  /** Frames' worth of work it was charged for. */
  charged = 0
  isHeld = false
  /** Pings that were not answered yet. */
  readonly pings: (() => void)[] = []
  readonly batches: MessageBatch[] = []
  frames: Uint8Array[] = []

  constructor(facts: MemberFacts = {}) {
    lastConnectionId += 1
    this.connectionId = lastConnectionId
    this.extended = facts.extended ?? false
    this.takesMoved = facts.takesMoved ?? false
    this.key = facts.key
    this.permission = facts.permission ?? 'write'
    this.keepsItselfAlive = facts.keepsItselfAlive ?? false
    this.user = facts.user
  }

  send(message: Uint8Array): void {
    this.frames.push(message)
    if (this.isStuck) this.bufferedBytes += message.length
  }

  sendBatch(batch: MessageBatch): void {
    this.batches.push(batch)
    for (const message of batch.messages) this.send(message)
  }

  charge(frames: number): void {
    this.charged += frames
  }

  ping(answered: () => void): void {
    this.pings.push(answered)
  }

  hold(isHeld: boolean): void {
    this.isHeld = isHeld
  }

  close(code: CloseCode, reason: string): void {
    this.closed ??= { code: code.code, reason }
  }

  /** What came since the last call. */
  take(): WireMessage[] {
    const frames = this.frames
    this.frames = []
    return frames.map((frame) => {
      const message = decodeMessage(frame)
      if (message === undefined)
        throw new Error(`the room sent a frame that is no message: ${frame.join(',')}`)
      return message
    })
  }

  /** What came since the last call, of one type. */
  takeOf<T extends WireMessage['type']>(type: T): Extract<WireMessage, { type: T }>[] {
    return this.take().filter(
      (message): message is Extract<WireMessage, { type: T }> => message.type === type,
    )
  }
}
