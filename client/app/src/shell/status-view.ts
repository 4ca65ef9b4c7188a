import type { Durability } from '@roomful/shared'

/** What the person is told about connection and changes; the words are the contract. */
export interface StatusView {
  readonly word: string
  /** A shape for each, so that nothing hangs on colour alone. */
  readonly shape: 'check' | 'live' | 'eye' | 'spinner' | 'broken' | 'cloud-off' | 'closed'
  readonly tone: 'ok' | 'neutral' | 'warn' | 'bad'
  /** One sentence more, for the details. */
  readonly detail: string
}

/** What {@link statusView} looks at. */
export interface StatusFacts {
  readonly connection: 'connecting' | 'connected' | 'reconnecting' | 'closed'
  /** Local changes the server has not acknowledged as durable. */
  readonly pending: number | 'unknown'
  readonly durability: Durability | undefined
  /** `navigator.onLine` */
  readonly online: boolean
  /** The connection has been away for longer than a person should be spared. */
  readonly awayLong: boolean
  /** Changes have waited for longer than a moment. */
  readonly pendingLong: boolean
  /** The server lets this tab read only. */
  readonly readOnly: boolean
}

/**
 * The status words, from facts. "Saved" is said only of a server that stores durably and has acknowledged everything.
 *
 * @example statusView({ connection: 'reconnecting', pending: 3, … }).word // 'Reconnecting (3 pending)'
 */
export function statusView(facts: StatusFacts): StatusView {
  const count = facts.pending === 'unknown' ? 0 : facts.pending
  switch (facts.connection) {
    case 'closed':
      return { word: 'Closed', shape: 'closed', tone: 'bad', detail: 'This room has ended the connection.' }
    case 'connecting':
      if (!facts.online) return offline(count)
      return {
        word: 'Connecting',
        shape: 'spinner',
        tone: 'neutral',
        detail: 'Looking for the server. What you do is kept in this tab meanwhile.',
      }
    case 'reconnecting':
      if (!facts.online) return offline(count)
      // a short drop is nobody's business, unless something waits for it
      if (!facts.awayLong && facts.readOnly) return reading(count)
      if (!facts.awayLong) return count > 0 ? saving(count, facts.pendingLong) : settled(facts)
      return {
        word: count > 0 ? `Reconnecting (${count} pending)` : 'Reconnecting',
        shape: 'broken',
        tone: 'warn',
        detail: 'The server cannot be reached, and is asked again. Go on working: your changes will sync.',
      }
    case 'connected':
      if (facts.readOnly) return reading(count)
      return count > 0 ? saving(count, facts.pendingLong) : settled(facts)
  }
}

/** Whether "saved" may be said at all. */
export function storesDurably(durability: Durability | undefined): boolean {
  return durability === 'disk' || durability === 'redis-always' || durability === 'redis-everysec'
}

/** What an acknowledgement means on this server, in one sentence. */
export function durabilityText(durability: Durability | undefined): string {
  switch (durability) {
    case undefined:
      return 'This server does not say how it stores changes.'
    case 'none':
      return 'This server keeps nothing: changes live as long as it runs.'
    case 'disk':
      return 'Saved means written to the server’s disk.'
    case 'redis-always':
      return 'Saved means written to disk by Redis.'
    case 'redis-everysec':
      return 'Saved means stored in Redis, on disk within two seconds.'
    case 'redis-none':
      return 'Redis keeps changes in memory only.'
    case 'redis-unknown':
      return 'Redis does not say how it stores changes.'
  }
}

/**
 * What the banner says of a server that is away, beginning with the badge's word: Offline where the device has no network,
 * Reconnecting where the server is asked again and again.
 *
 * @example awayLine(false, true) // 'Offline - changes are kept on this device and will sync'
 */
export function awayLine(online: boolean, isKept: boolean): string {
  const word = online ? 'Reconnecting' : 'Offline'
  return isKept
    ? `${word} - changes are kept on this device and will sync`
    : `${word} - changes are not kept on this device: leave this tab open, and they will sync`
}

/** @example unsynced(1) // '1 unsynced change' */
export function unsynced(count: number): string {
  return count === 1 ? '1 unsynced change' : `${count} unsynced changes`
}

function offline(count: number): StatusView {
  return {
    word: 'Offline',
    shape: 'cloud-off',
    tone: 'warn',
    detail: `This device has no network. Go on working: ${count > 0 ? `${unsynced(count)} will sync` : 'your changes will sync'}.`,
  }
}

function saving(count: number, long: boolean): StatusView {
  return {
    word: long ? unsynced(count) : 'Saving…',
    shape: 'spinner',
    tone: 'neutral',
    detail: 'Waiting for the server to confirm.',
  }
}

/** What a reader has changed all the same, before the server said so, is theirs still. */
function reading(count: number): StatusView {
  return {
    word: count > 0 ? `Read only (${count} kept)` : 'Read only',
    shape: 'eye',
    tone: 'neutral',
    detail:
      count > 0
        ? `You may read this room but not change it. ${unsynced(count)}: kept here, and sent when you may write again.`
        : 'You may read this room but not change it.',
  }
}

function settled({ durability, pending }: StatusFacts): StatusView {
  return storesDurably(durability) && pending !== 'unknown'
    ? { word: 'All changes saved', shape: 'check', tone: 'ok', detail: durabilityText(durability) }
    : { word: 'Live', shape: 'live', tone: 'ok', detail: durabilityText(durability) }
}
