import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { encodeSyncStep1, encodeSyncStep2 } from '@roomful/shared'
import { clientFrame, pongFrame } from './client-frame.ts'
import { firstWords, MessageReader, prefixOf, type Dialect, type Kind } from './dialect.ts'
import { FrameParser, type FrameSink } from './frame-parser.ts'

/** Where a server's rooms are. */
export interface Target {
  readonly host: string
  readonly port: number
  /** What stands before the room's name: `/ws/`. */
  readonly path: string
  readonly dialect: Dialect
  /** Of the server's process, for its CPU and memory. */
  readonly pid: number
}

/** What a client does with what it hears. The payload is only valid during the call. */
export type OnMessage = (kind: Kind, frame: Uint8Array, from: number, to: number) => void

export interface ClientOptions {
  readonly room: string
  readonly onMessage?: OnMessage
  /** Messages over so many bytes are counted and summed, not held; default 64 MiB. */
  readonly assembleBytes?: number
  readonly onSkipped?: (length: number, checksum: number) => void
  /** What it has already: an encoded state vector; default: nothing. */
  readonly stateVector?: Uint8Array
  /** Behind the room's name: `?v=2`. */
  readonly query?: string
}

// One buffer for all sockets of the process: what is read is taken in the same call. An allocation per read would be the
// most expensive thing the generator does.
const readBuffer = Buffer.allocUnsafe(256 * 1024)
const EMPTY_VECTOR = Uint8Array.of(0)
const EMPTY_UPDATE = Uint8Array.of(0, 0)
const HEAD_END = '\r\n\r\n'
/** One address gets no more connections than a server's default limit for an address allows. */
const CONNECTIONS_PER_ADDRESS = 900

let opened = 0

/** One WebSocket on a raw socket that speaks as much y-protocols as a stock client does when it joins. */
export class Client implements FrameSink {
  bytesIn = 0
  framesIn = 0
  closedWith: number | undefined
  /** Of the answer to its SyncStep1, ms of `performance.now()`. */
  syncedAt: number | undefined
  readonly #target: Target
  readonly #options: ClientOptions
  readonly #prefix: Uint8Array
  readonly #reader: MessageReader
  readonly #parser: FrameParser
  #socket: Socket | undefined
  #head: string | undefined = ''
  #opened: (() => void) | undefined
  #failed: ((error: Error) => void) | undefined
  #whenSynced: (() => void)[] = []
  #whenClosed: (() => void)[] = []

  constructor(target: Target, options: ClientOptions) {
    this.#target = target
    this.#options = options
    this.#prefix = prefixOf(target.dialect, options.room)
    this.#reader = new MessageReader(this.#prefix)
    this.#parser = new FrameParser(this, options.assembleBytes ?? 64 * 1024 * 1024)
  }

  /** Resolves when the socket is open and its first words are said; see {@link synced}. */
  open(...afterStep1: readonly Uint8Array[]): Promise<void> {
    const { host, port, path, dialect } = this.#target
    const address = Math.floor(opened++ / CONNECTIONS_PER_ADDRESS)
    return new Promise((resolve, reject) => {
      this.#opened = () => {
        for (const words of firstWords(dialect)) this.send(words)
        if (dialect === 'opaque') this.syncedAt = performance.now()
        else this.send(encodeSyncStep1(this.#options.stateVector ?? EMPTY_VECTOR))
        for (const message of afterStep1) this.send(message)
        resolve()
      }
      this.#failed = reject
      const socket = connect({
        host,
        port,
        ...(address > 0 ? { localAddress: `127.0.0.${1 + address}` } : {}),
        noDelay: true,
        onread: {
          buffer: readBuffer,
          callback: (length) => {
            this.#read(readBuffer.subarray(0, length))
            return true
          },
        },
      })
      this.#socket = socket
      socket.on('error', (error) => this.#gone(error))
      socket.on('close', () => this.#gone(new Error('the socket was closed')))
      socket.write(
        `GET ${path}${this.#options.room}${this.#options.query ?? ''} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13${HEAD_END}`,
      )
    })
  }

  /** Resolves when its SyncStep1 was answered. */
  synced(): Promise<void> {
    if (this.syncedAt !== undefined) return Promise.resolve()
    return new Promise((resolve) => this.#whenSynced.push(resolve))
  }

  get isOpen(): boolean {
    return this.#socket?.destroyed === false && this.#head === undefined
  }

  /** Bytes that wait in this process. */
  get bufferedBytes(): number {
    return this.#socket?.writableLength ?? 0
  }

  send(message: Uint8Array): void {
    this.#socket?.write(clientFrame(this.#prefix, message))
  }

  /** A message as its frame, to be written with {@link write}: several at once are one write. */
  frame(message: Uint8Array): Buffer {
    return clientFrame(this.#prefix, message)
  }

  write(frames: Uint8Array): void {
    this.#socket?.write(frames)
  }

  pause(): void {
    this.#socket?.pause()
  }

  resume(): void {
    this.#socket?.resume()
  }

  closed(): Promise<void> {
    if (this.#socket?.destroyed !== false) return Promise.resolve()
    return new Promise((resolve) => this.#whenClosed.push(resolve))
  }

  close(): void {
    this.#failed = undefined
    this.#socket?.destroy()
  }

  onMessage(payload: Uint8Array): void {
    this.framesIn += 1
    const reader = this.#reader
    if (this.#target.dialect === 'opaque' && payload.length === 0) return
    reader.read(payload)
    if (reader.kind === 'step1') this.send(encodeSyncStep2(EMPTY_UPDATE))
    this.#options.onMessage?.(reader.kind, payload, reader.from, reader.to)
    if (reader.kind === 'step2') this.#answered()
  }

  onSkipped(length: number, checksum: number): void {
    this.framesIn += 1
    this.#options.onSkipped?.(length, checksum)
    // nothing else is as large
    this.#answered()
  }

  onPing(payload: Uint8Array): void {
    this.#socket?.write(pongFrame(payload))
  }

  onClose(code: number): void {
    this.closedWith = code
    this.#socket?.end()
  }

  #answered(): void {
    if (this.syncedAt !== undefined) return
    this.syncedAt = performance.now()
    for (const resolve of this.#whenSynced.splice(0)) resolve()
  }

  #read(chunk: Buffer): void {
    if (this.#head === undefined) {
      this.bytesIn += chunk.length
      this.#parser.push(chunk)
      return
    }
    this.#head += chunk.toString('latin1')
    const end = this.#head.indexOf(HEAD_END)
    if (end === -1) return
    const status = this.#head.slice(9, 12)
    const rest = Buffer.from(this.#head.slice(end + HEAD_END.length), 'latin1')
    this.#head = undefined
    if (status !== '101') {
      this.#failed?.(new Error(`the server answered the upgrade with ${status}`))
      this.#socket?.destroy()
      return
    }
    this.#opened?.()
    if (rest.length > 0) this.#read(rest)
  }

  #gone(error: Error): void {
    this.#failed?.(error)
    this.#failed = undefined
    for (const resolve of this.#whenClosed.splice(0)) resolve()
  }
}

/** Opens many, some at a time, and waits until all are answered. */
export async function openAll(
  clients: readonly Client[],
  afterStep1: (index: number) => readonly Uint8Array[],
): Promise<void> {
  const AT_ONCE = 25
  for (let from = 0; from < clients.length; from += AT_ONCE) {
    const some = clients.slice(from, from + AT_ONCE)
    await Promise.all(some.map((client, i) => client.open(...afterStep1(from + i))))
    await Promise.all(some.map((client) => client.synced()))
  }
}
