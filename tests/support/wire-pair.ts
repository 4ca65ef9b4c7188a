import type { CloseCode, Permission } from '@roomful/shared'
import type { Member, MessageBatch } from '../../server/src/member.ts'

/** What stands at the client's end of a {@link WirePair}. */
export interface WireClient {
  opened(): void
  received(frame: Uint8Array): void
  /** Heard once, unless the client closed by itself. 1006 = the network or the server was gone. */
  closed(code: number): void
}

/** What stands at the server's end. */
export interface WireServer {
  /** False refuses the connection. */
  accept(member: Member): boolean
  /** False = its socket is paused: nothing is delivered. */
  readonly reading: boolean
  receive(member: Member, frame: Uint8Array): void
  /** Called once for each accepted member. */
  leave(member: Member): void
}

type UpItem =
  | { readonly kind: 'open' }
  | { readonly kind: 'frame'; readonly frame: Uint8Array }
  | { readonly kind: 'pong'; readonly answered: () => void }
  | { readonly kind: 'close' }

type DownItem =
  | { readonly kind: 'open' }
  | { readonly kind: 'frame'; readonly frame: Uint8Array }
  | { readonly kind: 'ping'; readonly answered: () => void }
  | { readonly kind: 'close'; readonly code: number }

/** How a pair differs from the plain one. */
export interface WirePairOptions {
  readonly connectionId: number
  readonly extended?: boolean
  readonly key?: string | undefined
  readonly permission?: Permission
  /** Rewrites what the server sends, as one frame, several or none. Mutants live here. */
  readonly onSend?: ((frame: Uint8Array) => readonly Uint8Array[]) | undefined
}

/** 1006 (RFC 6455 section 7.4.1): never sent, seen where a connection ended without a close frame. */
const ABNORMAL_CLOSE = 1006

/**
 * One connection in memory, a client and a {@link Member}. Both directions are queues flushed by hand, so a test decides
 * what arrives, when, and what is lost; within a direction order is kept, as on a socket.
 *
 * @example
 * const pair = new WirePair(client, server, { connectionId: 1 })
 * pair.deliverUp(1) // the server accepts
 * pair.deliverDown(1) // the client is open
 */
export class WirePair {
  readonly member: Member
  /** What the network has not taken yet, as the server sees it: set it to play a slow reader. */
  stalledBytes = 0
  readonly #client: WireClient
  readonly #server: WireServer
  readonly #onSend: WirePairOptions['onSend']
  #up: UpItem[] = [{ kind: 'open' }]
  #down: DownItem[] = []
  #accepted = false
  #isHeld = false
  #clientEnd: 'connecting' | 'open' | 'closed' = 'connecting'
  #serverEnd: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'
  /** Frames vanish without either end being told. */
  #severed = false
  /** What the server wrote, for those who count. */
  sentFrames = 0

  constructor(client: WireClient, server: WireServer, options: WirePairOptions) {
    this.#client = client
    this.#server = server
    this.#onSend = options.onSend
    const bufferedBytes = (): number => this.stalledBytes
    this.member = {
      connectionId: options.connectionId,
      extended: options.extended ?? false,
      key: options.key,
      permission: options.permission ?? 'write',
      get bufferedBytes() {
        return bufferedBytes()
      },
      send: (message) => this.#send(message),
      sendBatch: (batch: MessageBatch) => {
        for (const message of batch.messages) this.#send(message)
      },
      charge: () => undefined,
      ping: (answered) => this.#pushDown({ kind: 'ping', answered }),
      hold: (isHeld) => {
        this.#isHeld = isHeld
      },
      close: (code: CloseCode) => this.#serverCloses(code.code),
    }
  }

  /** Items on their way to the server that would be delivered now. */
  get upward(): number {
    // a held socket is not read, so nobody hears of its end either
    if (this.#isHeld) return 0
    return this.#server.reading || this.#up[0]?.kind === 'open' ? this.#up.length : 0
  }

  /** Items on their way to the client. */
  get downward(): number {
    return this.stalledBytes > 0 ? 0 : this.#down.length
  }

  /** The client can send. */
  get isOpen(): boolean {
    return this.#clientEnd === 'open'
  }

  /** The server counts the connection as its own. */
  get isJoined(): boolean {
    return this.#accepted && this.#serverEnd !== 'closed'
  }

  /** The network failed, and one of the ends has not noticed. */
  get isSevered(): boolean {
    return this.#severed && (this.#clientEnd !== 'closed' || this.isJoined)
  }

  /** Nothing will ever move here again. */
  get isOver(): boolean {
    return (
      this.#clientEnd === 'closed' &&
      (this.#serverEnd === 'closed' || !this.#accepted) &&
      this.#up.length === 0
    )
  }

  /** The client sends; nothing happens where it is not open, as with a socket that is closing. */
  clientSend(frame: Uint8Array): void {
    if (this.#clientEnd === 'open' && !this.#severed) this.#up.push({ kind: 'frame', frame: frame.slice() })
  }

  /** The client closes: what it sent still arrives, what was on its way to it does not. */
  clientClose(): void {
    if (this.#clientEnd === 'closed') return
    this.#clientEnd = 'closed'
    this.#down = []
    if (!this.#severed) this.#up.push({ kind: 'close' })
  }

  /**
   * The network fails silently: of what is on its way to the server the first `arrive` items still get there, the rest is
   * lost, and nobody is told. {@link clientNotices} and {@link serverNotices} end each side.
   */
  sever(arrive = 0): void {
    this.#severed = true
    this.#up.length = Math.min(this.#up.length, arrive)
    this.#down = []
  }

  /** The client's side of a severed connection ends. */
  clientNotices(): void {
    if (this.#clientEnd === 'closed') return
    this.#clientEnd = 'closed'
    this.#down = []
    this.#client.closed(ABNORMAL_CLOSE)
  }

  /** The server's side ends: pings stayed unanswered, or the network said so. */
  serverNotices(): void {
    this.#up = []
    this.#serverLeaves()
  }

  /** The server process is gone: nothing more arrives there, its last words may still reach the client. */
  serverDies(lastWords: number): void {
    this.#up = []
    this.#serverEnd = 'closed'
    this.#down.length = Math.min(this.#down.length, lastWords)
    if (!this.#severed && this.#clientEnd !== 'closed')
      this.#down.push({ kind: 'close', code: ABNORMAL_CLOSE })
  }

  /** Delivers up to `count` items to the server; returns how many. */
  deliverUp(count: number): number {
    let delivered = 0
    while (delivered < count && this.upward > 0) {
      const item = this.#up.shift()
      if (item === undefined) break
      delivered++
      this.#arrive(item)
    }
    return delivered
  }

  /** Delivers up to `count` items to the client; returns how many. */
  deliverDown(count: number): number {
    let delivered = 0
    while (delivered < count && this.downward > 0) {
      const item = this.#down.shift()
      if (item === undefined) break
      delivered++
      this.#reach(item)
    }
    return delivered
  }

  #arrive(item: UpItem): void {
    if (this.#serverEnd === 'closed') return
    switch (item.kind) {
      case 'open':
        this.#serverEnd = 'open'
        this.#pushDown({ kind: 'open' })
        if (this.#server.accept(this.member)) {
          this.#accepted = true
          return
        }
        this.#serverEnd = 'closed'
        this.#down = this.#severed ? [] : [{ kind: 'close', code: ABNORMAL_CLOSE }]
        return
      case 'frame':
        // a socket the server has closed is not read any more
        if (this.#serverEnd === 'open') this.#server.receive(this.member, item.frame)
        return
      case 'pong':
        if (this.#serverEnd === 'open') item.answered()
        return
      case 'close':
        this.#serverLeaves()
    }
  }

  #reach(item: DownItem): void {
    if (this.#clientEnd === 'closed') return
    switch (item.kind) {
      case 'open':
        this.#clientEnd = 'open'
        this.#client.opened()
        return
      case 'frame':
        this.#client.received(item.frame)
        return
      case 'ping':
        if (!this.#severed) this.#up.push({ kind: 'pong', answered: item.answered })
        return
      case 'close':
        this.#clientEnd = 'closed'
        this.#down = []
        this.#client.closed(item.code)
        if (this.#serverEnd === 'closing' && !this.#severed) this.#up.push({ kind: 'close' })
    }
  }

  #send(message: Uint8Array): void {
    if (this.#serverEnd !== 'open') return
    this.sentFrames++
    // the frame is copied: whatever the server does to its buffer afterwards must not change what it has sent
    const frames = this.#onSend === undefined ? [message.slice()] : this.#onSend(message.slice())
    for (const frame of frames) this.#pushDown({ kind: 'frame', frame })
  }

  #pushDown(item: DownItem): void {
    if (!this.#severed && this.#clientEnd !== 'closed' && this.#serverEnd === 'open') this.#down.push(item)
  }

  #serverCloses(code: number): void {
    if (this.#serverEnd !== 'open') return
    this.#pushDown({ kind: 'close', code })
    this.#serverEnd = 'closing'
    if (this.#clientEnd === 'closed' || this.#severed) this.#up.push({ kind: 'close' })
  }

  #serverLeaves(): void {
    if (this.#serverEnd === 'closed') return
    this.#serverEnd = 'closed'
    if (this.#accepted) this.#server.leave(this.member)
  }
}
