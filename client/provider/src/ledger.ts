import { randomId } from './random-id.ts'

/** What a tab notes beside its updates: how many changes it has made, and how many of them the server has. */
export interface Ledger {
  readonly made: number
  readonly durable: number
  /** Changes that came from another tab are not known to have arrived. */
  readonly isRelayPending: boolean
}

const PREFIX = 'roomful:pending:'

/** A name for a new tab's ledger among the notes. */
export function newLedgerName(): string {
  return PREFIX + randomId(12)
}

export function isLedgerName(name: string): boolean {
  return name.startsWith(PREFIX)
}

/** Reads a note. What is no ledger stands for one change: there is something nobody knows of. */
export function parseLedger(note: unknown): Ledger {
  const { made, durable, isRelayPending } = (note ?? {}) as Partial<Record<string, unknown>>
  if (typeof made !== 'number' || typeof durable !== 'number')
    return { made: 1, durable: 0, isRelayPending: false }
  return { made, durable, isRelayPending: isRelayPending === true }
}

/**
 * How many changes the tabs of these ledgers left unproved. Where there are only changes one tab had from another, which
 * one counts them itself is not known: they are one.
 */
export function pendingOf(ledgers: readonly Ledger[]): number {
  const count = ledgers.reduce((sum, { made, durable }) => sum + made - durable, 0)
  return count === 0 && ledgers.some(({ isRelayPending }) => isRelayPending) ? 1 : count
}
