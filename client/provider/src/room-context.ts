import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'

/** What the typed helpers need of a room; a `RoomfulProvider` is one. */
export interface RoomContext {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  /** Server clock, ms since 1970. */
  serverNow(): number
}
