import * as encoding from 'lib0/encoding'
import type { Ledger } from './ledger.ts'

/** What a {@link PendingCounter} is built on. */
export interface PendingCounterOptions {
  /** Sends a receipt request (message 102) with this counter. */
  readonly send: (counter: Uint8Array) => void
  readonly now: () => number
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
  readonly #endOfTurn: (run: () => void) => void
  #made = 0
  #durable = 0
  /** Changes that came from other tabs of this browser: theirs to send, but not known to have arrived either. */
  #relayed = 0
  #relayedDurable = 0
  #sequence = 0
  #connection: Connection = { outstanding: [] }

  constructor({ send, now, endOfTurn = (run) => queueMicrotask(run) }: PendingCounterOptions) {
    this.#send = send
    this.#now = now
    this.#endOfTurn = endOfTurn
  }

  get count(): number {
    return this.#made - this.#durable
  }

  /** What a local copy notes of it. */
  get ledger(): Ledger {
    return { made: this.#made, durable: this.#durable, isRelayPending: this.#relayed > this.#relayedDurable }
  }

  /** The quickest receipt of this connection, ms. */
  get rttMs(): number | undefined {
    return this.#connection.rttMs
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
    this.#connection = { outstanding: [] }
  }

  /** The server said hello: it returns receipts. */
  greeted(): void {
    this.#connection.isGreeted = true
  }

  /** The server's SyncStep1 is being answered with everything it lacks, what it refused before included. */
  answered(): void {
    this.#connection.relayed = this.#relayed
    // a server that refuses that too returns no receipt behind it
    this.#connection.isRefused = false
    this.#askSoon()
  }

  /**
   * The server refused something sent on this connection. It stays unproved, and with it all that is counted: only the
   * answer to its next SyncStep1, on this connection or another, says what the server really holds.
   */
  refused(): void {
    this.#connection.isRefused = true
  }

  /** Sends a receipt request now, where the connection takes one: also a sign of life. Returns whether one is out. */
  ask(): boolean {
    const connection = this.#connection
    const { relayed } = connection
    if (connection.isGreeted !== true || relayed === undefined) return false
    if (connection.outstanding.length >= MAX_OUTSTANDING) {
      connection.isOwed = true
      return true
    }
    const counter = encoding.encode((encoder) => encoding.writeVarUint(encoder, this.#sequence++))
    connection.outstanding.push({ key: String(counter), made: this.#made, relayed, at: this.#now() })
    this.#send(counter)
    return true
  }

  /** A receipt came back. What this connection did not ask for proves nothing. */
  receipt(counter: Uint8Array): void {
    const connection = this.#connection
    const key = String(counter)
    const index = connection.outstanding.findIndex((ask) => ask.key === key)
    const ask = connection.outstanding[index]
    if (ask === undefined) return
    connection.outstanding.splice(0, index + 1)
    connection.rttMs = Math.min(connection.rttMs ?? Infinity, Math.max(0, this.#now() - ask.at))
    if (connection.isRefused !== true) {
      this.#durable = Math.max(this.#durable, ask.made)
      this.#relayedDurable = Math.max(this.#relayedDurable, ask.relayed)
    }
    if (connection.isOwed === true) {
      connection.isOwed = false
      this.ask()
    }
  }

  #askSoon(): void {
    const connection = this.#connection
    if (connection.isPlanned === true) return
    connection.isPlanned = true
    // at the end of the turn: one receipt for all its changes, and behind the answer y-websocket is about to send
    this.#endOfTurn(() => {
      connection.isPlanned = false
      if (connection === this.#connection) this.ask()
    })
  }
}

interface Connection {
  isGreeted?: true
  isRefused?: boolean
  /** A request waits for the end of the turn. */
  isPlanned?: boolean
  /** A request was held back because too many are out. */
  isOwed?: boolean
  /** Other tabs' changes that the last answer to a SyncStep1 carried; `undefined` before the first answer. */
  relayed?: number
  rttMs?: number
  /** What was asked and has not come back; `key`: the counter's bytes, which come back as they went. */
  readonly outstanding: { key: string; made: number; relayed: number; at: number }[]
}
