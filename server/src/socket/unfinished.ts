import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import { coalesced } from '../coalesced-clock.ts'

/** Between two looks: nothing is done per frame, and no network brings much more than the bound in this time. */
export const LOOK_MS = 250
/** What each piece costs beside its bytes: a client may send them one by one. */
const PIECE_BYTES = 128

/** What ws keeps of messages that are not whole yet: fields of its `Receiver`, which it names private. */
export interface ReceiverLike {
  readonly _bufferedBytes: number
  readonly _messageLength: number
  readonly _buffers: readonly unknown[]
  readonly _fragments: readonly unknown[]
}

/** `undefined` where a version of ws to come keeps them otherwise: a test looks whether that of the lockfile does. */
export function receiverOf(ws: WebSocket): ReceiverLike | undefined {
  const receiver: unknown = '_receiver' in ws ? ws._receiver : undefined
  return isReceiver(receiver) ? receiver : undefined
}

/** Bytes of memory that a socket's unfinished message takes. */
export function unfinishedBytesOf(receiver: ReceiverLike | undefined): number {
  if (receiver === undefined) return 0
  const pieces = receiver._buffers.length + receiver._fragments.length
  return receiver._bufferedBytes + receiver._messageLength + PIECE_BYTES * pieces
}

function isReceiver(value: unknown): value is ReceiverLike {
  if (typeof value !== 'object' || value === null) return false
  return (
    '_bufferedBytes' in value &&
    typeof value._bufferedBytes === 'number' &&
    '_messageLength' in value &&
    typeof value._messageLength === 'number' &&
    '_buffers' in value &&
    Array.isArray(value._buffers) &&
    '_fragments' in value &&
    Array.isArray(value._fragments)
  )
}

/** Whoever may hold an unfinished message. */
export interface Unfinished {
  readonly isHere: boolean
  readonly unfinishedBytes: number
  /** Closed: others need the room. */
  endUnfinished(): void
}

/**
 * The bound on what unfinished messages of all sockets of a process take (I6): each may hold most of the largest message and
 * stop. Looked at from time to time; over the bound those that hold most are closed until the rest fits.
 */
export class UnfinishedWatch {
  readonly #clock: Clock
  readonly #maxBytes: number
  readonly #sockets: ReadonlySet<Unfinished>
  #stop: () => void

  constructor(clock: Clock, maxBytes: number, sockets: ReadonlySet<Unfinished>) {
    this.#clock = coalesced(clock)
    this.#maxBytes = maxBytes
    this.#sockets = sockets
    this.#stop = this.#lookLater()
  }

  /** Of all sockets, now. */
  get bytes(): number {
    let bytes = 0
    for (const socket of this.#sockets) if (socket.isHere) bytes += socket.unfinishedBytes
    return bytes
  }

  close(): void {
    this.#stop()
  }

  #lookLater(): () => void {
    return this.#clock.after(LOOK_MS, () => {
      this.#stop = this.#lookLater()
      this.#look()
    })
  }

  #look(): void {
    let { bytes } = this
    if (bytes <= this.#maxBytes) return
    const held = [...this.#sockets]
      .filter(({ isHere }) => isHere)
      .map((socket) => ({ socket, bytes: socket.unfinishedBytes }))
      .toSorted((a, b) => b.bytes - a.bytes)
    for (const largest of held) {
      if (bytes <= this.#maxBytes) return
      bytes -= largest.bytes
      largest.socket.endUnfinished()
    }
  }
}
