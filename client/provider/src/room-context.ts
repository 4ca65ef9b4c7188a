import type * as Y from 'yjs'
import type { PresenceStore } from './presence-store.ts'

/** What the typed helpers need of a room; a `RoomfulProvider` is one. */
export interface RoomContext {
  readonly doc: Y.Doc
  readonly presence: PresenceStore
  /** Server clock, ms since 1970. */
  serverNow(): number
}
