import * as encoding from 'lib0/encoding'
import type { Ledger } from './ledger.ts'
import type { OwnClock } from './proved-clock.ts'

/** What a {@link PendingCounter} is built on. */
export interface PendingCounterOptions {
  /** Sends a receipt request (message 102) with this counter. */
  readonly send: (counter: Uint8Array) => void
  readonly now: () => number
  readonly ownClock: () => OwnClock
  /** Calls back when this turn's sends have been made. */
  readonly endOfTurn?: (run: () => void) => void
}

/** So many requests may be on their way; a server that stalls gets no more until it answers. */
const MAX_OUTSTANDING = 64

/**
 * Counts local changes that are not yet durable on the server. Pure: what goes out is handed to `send`.
 *
 * On a connection nothing is asked until the server's SyncStep1 has been answered, because only that answer carries what
 * earlier connections left unproved; then one receipt request follows each turn with changes. The server returns it
 * once everything before it is durable, so the count falls only at the echo, and a lost connection leaves it standing.
 */
export class PendingCounter {
  readonly #send: (counter: Uint8Array) => void
  readonly #now: () => number
  readonly #ownClock: () => OwnClock
  readonly #endOfTurn: (run: () => void) => void
  #made = 0
  #durable = 0
  /** Changes that came from other tabs of this browser: theirs to send, but not known to have arrived either. */
  #relayed = 0
  #relayedDurable = 0
  #sequence = 0
  /** What was asked on this connection and has not come back. */
  #asks: Ask[] = []
  /** The server returns receipts. */
  #isGreeted = false
  /** Other tabs' changes that the last answer to a SyncStep1 carried; `undefined` before the first answer. */
  #answered: number | undefined
  #isRefused = false
  /** A request was held back because too many are out. */
  #isOwed = false
  /** A request waits for the end of the turn. */
  #isPlanned = false
  #rttMs: number | undefined
  /** What the document held before this began is taken as the server's: it was somebody's copy of it. */
  #proved: OwnClock

  constructor({ send, now, ownClock, endOfTurn = (run) => queueMicrotask(run) }: PendingCounterOptions) {
    this.#send = send
    this.#now = now
    this.#ownClock = ownClock
    this.#proved = ownClock()
    this.#endOfTurn = endOfTurn
  }

  get count(): number {
    return this.#made - this.#durable
  }

  /** What a local copy notes of it. */
  get ledger(): Ledger {
    return { made: this.#made, durable: this.#durable, isRelayPending: this.#relayed > this.#relayedDurable }
  }

  /** How far the server has proved to have the document's own writing, on any connection. */
  get proved(): OwnClock {
    return this.#proved
  }

  /** The quickest receipt of this connection, ms. */
  get rttMs(): number | undefined {
    return this.#rttMs
  }

  /** Local changes were made, now or before a reload. Where that was on an answered connection, they have been sent. */
  changed(count: number = 1): void {
    this.#made += count
    this.#askSoon()
  }

  /** A change of another tab arrived, not through the server. */
  relayed(): void {
    this.#relayed++
  }

  /** A connection begins, or the old one is gone: nothing is proved on it. */
  reset(): void {
    this.#asks = []
    this.#isGreeted = this.#isRefused = this.#isOwed = false
    this.#answered = this.#rttMs = undefined
  }

  /** The server said hello: it returns receipts. */
  greeted(): void {
    this.#isGreeted = true
  }

  /** The server's SyncStep1 is being answered with everything it lacks, what it refused before included. */
  answered(): void {
    this.#answered = this.#relayed
    // a server that refuses that too returns no receipt behind it
    this.#isRefused = false
    this.#askSoon()
  }

  /**
   * The server refused something sent on this connection. It stays unproved, and with it all that is counted: only the
   * answer to its next SyncStep1, on this connection or another, says what the server really holds.
   */
  refused(): void {
    this.#isRefused = true
  }

  /** Sends a receipt request now, where the connection takes one: also a sign of life. Returns whether one is out. */
  ask(): boolean {
    const relayed = this.#answered
    if (!this.#isGreeted || relayed === undefined) return false
    this.#isOwed = this.#asks.length >= MAX_OUTSTANDING
    if (this.#isOwed) return true
    const counter = encoding.encode((encoder) => encoding.writeVarUint(encoder, this.#sequence++))
    this.#asks.push({
      key: String(counter),
      made: this.#made,
      relayed,
      own: this.#ownClock(),
      at: this.#now(),
    })
    this.#send(counter)
    return true
  }

  /** A receipt came back. What this connection did not ask for proves nothing. */
  receipt(counter: Uint8Array): void {
    const key = String(counter)
    const index = this.#asks.findIndex((ask) => ask.key === key)
    const ask = this.#asks[index]
    if (ask === undefined) return
    this.#asks.splice(0, index + 1)
    this.#rttMs = Math.min(this.#rttMs ?? Infinity, Math.max(0, this.#now() - ask.at))
    if (!this.#isRefused) {
      this.#durable = Math.max(this.#durable, ask.made)
      this.#relayedDurable = Math.max(this.#relayedDurable, ask.relayed)
      this.#proved = ask.own
    }
    if (this.#isOwed) this.ask()
  }

  #askSoon(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    // at the end of the turn: one receipt for all its changes, and behind the answer y-websocket is about to send
    this.#endOfTurn(() => {
      this.#isPlanned = false
      this.ask()
    })
  }
}

/** `key`: the counter's bytes, which come back as they went. */
interface Ask {
  readonly key: string
  readonly made: number
  readonly relayed: number
  readonly own: OwnClock
  readonly at: number
}
