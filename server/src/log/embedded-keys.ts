import type { RoomName } from '@roomful/shared'
import { encodePosition } from './position.ts'

/**
 * Every key of the data folder. Names hold no byte below `-`, so a NUL behind a name ends it: the keys of `a` never
 * mix with those of `a.b` or `ab`, and rooms sort by name.
 *
 * - `format` version and present owner of the folder
 * - `m\0room` counters, epoch, generation · `n\0room` title
 * - `r\0room/person` until when what was issued to that person for that room is revoked; either may be empty
 * - `s\0room` snapshot · `t\0room` tombstone · `u\0room\0seq` the entries of one commit, under the last of them
 */
export const FORMAT_KEY = 'format'

/** A range of keys, both ends exclusive. */
export interface KeyRange {
  readonly after: string
  readonly before: string
}

export const metaKey = (room: RoomName): string => `m\0${room}`
export const titleKey = (room: RoomName): string => `n\0${room}`
export const snapshotKey = (room: RoomName): string => `s\0${room}`
export const tombstoneKey = (room: RoomName): string => `t\0${room}`
export const entryPrefix = (room: RoomName): string => `u\0${room}\0`
/** Of the record whose last entry has this sequence number. */
export const entryKey = (room: RoomName, sequence: number): string =>
  entryPrefix(room) + encodePosition(sequence)

/** The records of a room with entries behind a sequence number. */
export function entryRange(room: RoomName, after: number): KeyRange {
  return { after: entryKey(room, after), before: `u\0${room}\u0001` }
}

/** The meta records of all rooms behind a name, in name order. */
export function metaRange(after: RoomName | ''): KeyRange {
  return { after: `m\0${after}`, before: 'm\u0001' }
}

export const revocationRecordKey = (key: string): string => `r\0${key}`
/** What {@link revocationRecordKey} was given: a person may be called anything. */
export const lastRevocationPart = (key: string): string => key.slice(2)
/** All revocations. */
export const REVOCATION_RANGE: KeyRange = { after: 'r\0', before: 'r\u0001' }

/** Everything. */
export const WHOLE_FOLDER: KeyRange = { after: '', before: '\u{10ffff}' }

/** The last part of a key: the name of a meta record, the position of an entry. */
export function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('\0') + 1)
}
