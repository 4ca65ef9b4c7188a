import type { Socket } from 'node:net'
import {
  CLOSE,
  KEEPALIVE_FRAME,
  type CloseCode,
  type Limits,
  type Permission,
  type RoomName,
} from '@roomful/shared'
import type { WebSocket } from 'ws'
import type { Guest } from '../auth/doorkeeper.ts'
import type { Granted } from '../auth/grant.ts'
import type { VerifiedUser } from '../authorize.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Member, MessageBatch } from '../member.ts'
import type { Metrics, Refusal } from '../metrics.ts'
import type { Room } from '../room.ts'
import type { Departure } from '../room-presence-leaving.ts'
import { departureOf } from './departure.ts'
import { EarlyFrames } from './early-frames.ts'
import { frameAll, frameBatch, frameHeader, framePing } from './framing.ts'
import { Liveness, type Pinging } from './liveness.ts'
import { Pacing, type Paced } from './pacing.ts'
import type { RoomRequest } from './room-request.ts'
import { receiverOf, unfinishedBytesOf, type ReceiverLike } from './unfinished.ts'

/** What every connection of a server shares. */
export interface ConnectionContext {
  readonly clock: Clock
  readonly limits: Limits
  readonly metrics: Metrics
  readonly logger: Logger
}

/** The room this connection waits for, is in, or has left. */
type Phase =
  | { readonly state: 'opening'; readonly early: EarlyFrames }
  | { readonly state: 'live'; readonly room: Room }
  /** Told to come back (1012): nothing is sent any more, what the other side sent before it heard is still taken. */
  | { readonly state: 'draining'; readonly room: Room }
  | { readonly state: 'closed' }

/** Above this, header and message are two writes of one cork instead of a copy: a join answer is shared by all joiners. */
const COPY_BYTES = 16_384
/** A close frame holds 125 bytes, two of them the code (RFC 6455 section 5.5). */
const MAX_REASON_BYTES = 123
const OPEN = 1
/** Time for the closing handshake; then the socket is destroyed. */
const CLOSE_TIMEOUT_MS = 3_000
/** The same where its memory is needed. */
const FAREWELL_MS = 200

/** Codes ws itself closes with when the bytes of a frame break RFC 6455. */
const FAR_TOO_LARGE = new Set([
  'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
  'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
  'WS_ERR_TOO_MANY_BUFFERED_PARTS',
])

/** One room socket: the ws implementation of {@link Member}. */
export class Connection implements Member, Guest, Paced, Pinging {
  readonly connectionId: number
  readonly extended: boolean
  readonly takesMoved: boolean
  readonly key: string | undefined
  readonly room: RoomName
  /** Nothing is allowed before the doorkeeper has said so: without a grant no room is entered. */
  #grant: Granted | undefined
  readonly #socket: Socket
  readonly #ws: WebSocket
  readonly #receiver: ReceiverLike | undefined
  readonly #context: ConnectionContext
  readonly #pacing: Pacing
  readonly #liveness: Liveness
  #phase: Phase
  #stopCloseTimer: (() => void) | undefined
  #owedPong: Uint8Array | undefined
  #isHeld = false

  /** Listens at once: the client's first frame can arrive in this very tick. */
  constructor(ws: WebSocket, socket: Socket, id: number, request: RoomRequest, context: ConnectionContext) {
    this.connectionId = id
    this.extended = request.extended
    this.takesMoved = request.takesMoved
    this.key = request.key
    this.room = request.room
    this.#ws = ws
    this.#receiver = receiverOf(ws)
    this.#socket = socket
    this.#context = context
    this.#pacing = new Pacing(context.clock, context.limits, this)
    this.#liveness = new Liveness(context.clock, socket, this, context.limits.sendStallMs)
    const early = new EarlyFrames(socket, context.limits, (limit) =>
      this.#guard(() => {
        context.metrics.limited(limit)
        this.#pause('opening')
      }),
    )
    this.#phase = { state: 'opening', early }
    // no guard of its own: this one runs for every message
    ws.on('message', (bytes, isBinary) => {
      try {
        this.#receive(bytes, isBinary)
      } catch (error) {
        this.#failed(error)
      }
    })
    ws.on('ping', (bytes) => this.#guard(() => this.#pinged(bytes)))
    ws.on('pong', (bytes) => this.#guard(() => this.#pong(bytes)))
    ws.on('error', (error) => this.#guard(() => this.#wireError(error)))
    ws.on('close', (code) => {
      this.#stopCloseTimer?.()
      this.#guard(() => this.#leave(departureOf(code, this.extended)))
    })
  }

  get permission(): Permission {
    return this.#grant?.access ?? 'read'
  }

  get user(): VerifiedUser | undefined {
    return this.#grant?.user
  }

  /** Whether its socket is not read now, though it may have sent. */
  get isPaused(): boolean {
    return this.#ws.isPaused
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength
  }

  /** What its message that is not whole yet takes of memory. */
  get unfinishedBytes(): number {
    return unfinishedBytesOf(this.#receiver)
  }

  /** Nothing more is read: what there is of the message goes with the socket, as soon as the close frame had a moment. */
  endUnfinished(): void {
    this.#context.metrics.limited('unfinishedBytes')
    this.refuse('frame-unfinished', CLOSE.overload, 'too many unfinished messages in one process')
    this.#ws.pause()
    this.#stopCloseTimer?.()
    this.#stopCloseTimer = this.#context.clock.after(FAREWELL_MS, () => this.#ws.terminate())
  }

  /** Whether the connection waits for its room still. */
  get isOpening(): boolean {
    return this.#phase.state === 'opening'
  }

  get isHere(): boolean {
    return this.#phase.state !== 'closed'
  }

  permit(grant: Granted): void {
    this.#grant = grant
    const phase = this.#phase
    if (phase.state === 'live') this.#guard(() => phase.room.permitted(this))
  }

  /** Enters the room, then hands over what has arrived meanwhile. */
  enter(room: Room): void {
    if (this.#phase.state !== 'opening' || this.#grant === undefined) return
    const frames = this.#phase.early.take()
    this.#phase = { state: 'live', room }
    this.#guard(() => {
      room.join(this)
      for (const frame of frames) {
        // joining or an earlier frame may have closed this connection
        if (this.#phase.state === 'live') room.receive(this, frame)
      }
    })
    this.#resume()
  }

  send(message: Uint8Array): void {
    if (!this.#isWritable) return
    this.#count(1, message.length)
    if (message.length <= COPY_BYTES) {
      this.#socket.write(frameAll([message]))
      return
    }
    this.#socket.cork()
    this.#socket.write(frameHeader(message.length))
    this.#socket.write(message)
    this.#socket.uncork()
  }

  sendBatch(batch: MessageBatch): void {
    if (!this.#isWritable || batch.isEmpty) return
    batch.framed ??= frameBatch(batch)
    this.#count(batch.count, batch.framed.length)
    this.#socket.write(batch.framed)
  }

  charge(frames: number): void {
    if (this.#phase.state === 'live') this.#pacing.charge(frames)
  }

  /** The pings' write keeps stock clients as well (W6): one write for two that are due as often. */
  get keepsItselfAlive(): boolean {
    return true
  }

  /** For {@link Liveness} alone. */
  sendPing(payload: Uint8Array): void {
    const framed = framePing(payload, KEEPALIVE_FRAME)
    this.#count(1, KEEPALIVE_FRAME.length)
    this.#socket.write(framed)
  }

  /** For {@link Pacing} alone, as the next two. */
  pauseReading(isNew: boolean): void {
    const { metrics } = this.#context
    // the burst is used up once a spell, the rate at each of its pauses
    if (isNew) metrics.limited('updatesBurst')
    metrics.limited('updatesPerSecond')
    this.#pause('rate')
  }

  resumeReading(): void {
    this.#resume()
  }

  pausedTooLong(): void {
    this.#context.metrics.limited('pausedMs')
    this.refuse('paused-too-long', CLOSE.rate, 'sending too fast for too long')
  }

  ping(answered: () => void): void {
    if (!this.#isWritable) return
    // a socket that is paused for its rate was heard a moment ago, and its pong would not be read
    if (this.#pacing.isPaused) queueMicrotask(answered)
    else this.#liveness.ping(answered)
  }

  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return
    this.#isHeld = isHeld
    const { state } = this.#phase
    // a closing handshake must be read to its end
    if (state === 'closed' || state === 'draining') return
    if (isHeld) this.#pause('work')
    else this.#resume()
  }

  close(code: CloseCode, reason: string): void {
    const phase = this.#phase
    if (phase.state === 'closed' || phase.state === 'draining') return
    this.#context.metrics.closed.inc({ code: String(code.code) })
    this.#end()
    if (phase.state === 'live') {
      if (code.code === CLOSE.restart.code) this.#phase = { state: 'draining', room: phase.room }
      // a turn later: the room may be in the middle of its members when it closes one
      else queueMicrotask(() => this.#guard(() => phase.room.leave(this)))
    }
    // the other side's close frame must be read
    this.#ws.resume()
    this.#ws.close(code.code, cutReason(reason))
    this.#stopCloseTimer = this.#context.clock.after(CLOSE_TIMEOUT_MS, () => this.#ws.terminate())
  }

  /** Ends the socket without a word: the process is going, or nobody is there. */
  terminate(): void {
    this.#ws.terminate()
    this.#leave('lost')
  }

  /** Counts a refusal, then closes. */
  refuse(reason: Refusal, code: CloseCode, text: string): void {
    if (this.#phase.state === 'closed') return
    this.#context.metrics.refused(reason)
    this.close(code, text)
  }

  /** Looks whether the other side lives; every five seconds. Messages that keep stock clients are the room's. */
  beat(): void {
    this.#guard(() => {
      if (!this.#isWritable) return
      if (!this.#liveness.beat(this.#ws.isPaused)) {
        this.#context.metrics.refused('no-pong')
        this.terminate()
      }
    })
  }

  get #isWritable(): boolean {
    const { state } = this.#phase
    return (state === 'live' || state === 'opening') && this.#ws.readyState === OPEN
  }

  #receive(bytes: unknown, isBinary: boolean): void {
    if (this.#phase.state === 'closed' || !(bytes instanceof Uint8Array)) return
    const { limits, metrics } = this.#context
    if (!isBinary) {
      this.refuse('text-frame', CLOSE.textFrame, 'binary frames only: the protocol is y-protocols')
      return
    }
    metrics.traffic.framesReceived += 1
    metrics.traffic.bytesReceived += bytes.length
    if (bytes.length > limits.frameBytes) {
      metrics.limited('frameBytes')
      this.refuse('frame-too-large', CLOSE.tooLarge, `a frame may hold ${limits.frameBytes} bytes`)
      return
    }
    this.#charge(bytes.length)
    this.#accept(bytes)
  }

  #accept(frame: Uint8Array): void {
    const phase = this.#phase
    switch (phase.state) {
      case 'live':
      case 'draining':
        phase.room.receive(this, frame)
        return
      case 'opening':
        phase.early.push(frame)
        return
      case 'closed':
        return
    }
  }

  /** One pong a turn, for the last ping (RFC 6455 section 5.5.3): thousands fit into what is read at once. */
  #pinged(bytes: Uint8Array): void {
    this.#charge(bytes.length)
    const isDue = this.#owedPong !== undefined
    this.#owedPong = bytes
    if (isDue) return
    this.#context.clock.endOfTurn(() =>
      this.#guard(() => {
        const payload = this.#owedPong
        this.#owedPong = undefined
        if (payload !== undefined && this.#isWritable) this.#ws.pong(payload)
      }),
    )
  }

  #pong(bytes: Uint8Array): void {
    const rttMs = this.#liveness.pong(bytes)
    // pongs nobody asked for are legal, and paid for like any frame
    if (rttMs === undefined) this.#charge(bytes.length)
    else this.#context.metrics.rttSeconds.observe(rttMs / 1_000)
  }

  /** Last words before a restart are taken as fast as they come, and a closing handshake must never be paused. */
  #charge(bytes: number): void {
    const { state } = this.#phase
    if (state === 'live' || state === 'opening') this.#pacing.received(bytes)
  }

  #pause(reason: 'rate' | 'opening' | 'work'): void {
    this.#context.metrics.paused.inc({ reason })
    this.#ws.pause()
  }

  #resume(): void {
    const isFull = this.#phase.state === 'opening' && this.#phase.early.isFull
    if (!isFull && !this.#isHeld && !this.#pacing.isPaused) this.#ws.resume()
  }

  /** ws has found bytes that are no WebSocket frames and closes by itself with the right code. */
  #wireError(error: Error): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
    const isFarTooLarge = FAR_TOO_LARGE.has(code)
    if (isFarTooLarge) this.#context.metrics.limited('hardFrameBytes')
    this.#context.metrics.refused(isFarTooLarge ? 'frame-far-too-large' : 'frame-invalid')
    this.#leave('closed')
  }

  #leave(departure: Departure): void {
    const phase = this.#end()
    if (phase.state === 'live') phase.room.leave(this, departure)
    // whoever is told to come back is seen to be there meanwhile, by those on other instances
    else if (phase.state === 'draining') phase.room.leave(this, 'restarted')
  }

  #end(): Phase {
    const phase = this.#phase
    if (phase.state === 'opening') phase.early.take()
    this.#phase = { state: 'closed' }
    this.#pacing.stop()
    return phase
  }

  #count(frames: number, bytes: number): void {
    this.#context.metrics.traffic.framesSent += frames
    this.#context.metrics.traffic.bytesSent += bytes
  }

  /** The edge of every callback: what is thrown ends this connection, never the process. */
  #guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    this.#context.metrics.callbackErrors.inc()
    this.#context.logger.error(
      { err: error, room: this.room, connection: this.connectionId },
      'callback failed',
    )
    this.close(CLOSE.internal, 'internal error')
  }
}

/** Shortens a reason to what a close frame holds, without cutting a character. */
export function cutReason(reason: string): string {
  let cut = ''
  let bytes = 0
  for (const character of reason) {
    bytes += Buffer.byteLength(character)
    if (bytes > MAX_REASON_BYTES) break
    cut += character
  }
  return cut
}
