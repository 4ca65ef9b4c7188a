import {
  Cards,
  Chat,
  type ClientClock,
  createUndo,
  deviceClock,
  type PresenceStore,
  type Undo,
} from '@roomful/provider'
import { roomDoc } from '@roomful/shared'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { feedActivity } from './activity-feed.ts'
import { ActivityLog } from './activity-log.ts'
import type { Link } from './link.ts'
import { type Note, openNote } from './note.ts'
import { NoteEditors } from './note-editors.ts'

/** Everything of one room that hooks read, whatever the provider under it. */
export interface AnyRoom {
  readonly name: string
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly presence: PresenceStore
  readonly chat: Chat
  readonly cards: Cards
  /** Over cards and note; a sent message is not taken back by it. */
  readonly undo: Undo
  readonly note: Note
  /** Who else has a caret in the note. */
  readonly noteEditors: NoteEditors
  /** Who joined and left while this tab was here. */
  readonly activity: ActivityLog
  readonly link: Link
  /** Ends everything above. Idempotent. */
  close(): void
}

/** What a room is put together from. */
export interface RoomParts {
  readonly name: string
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly presence: PresenceStore
  readonly link: Link
  readonly serverNow: () => number
  readonly clock?: ClientClock | undefined
  /** Called when the room is closed, after everything in it. */
  readonly onClose: () => void
}

/** Puts a room together around a document, its awareness and a connection. */
export function assembleRoom(parts: RoomParts): AnyRoom {
  const { name, doc, awareness, presence, link, serverNow, clock = deviceClock } = parts
  const chat = new Chat({ doc, awareness, serverNow })
  const cards = new Cards({ doc, awareness, serverNow })
  const roots = roomDoc(doc)
  const undo = createUndo([roots.cards, roots.note])
  const note = openNote(roots.note, awareness)
  const selfId = (): string | undefined => presence.self?.user.id
  const noteEditors = new NoteEditors({ text: roots.note, awareness, selfId, clock })
  const activity = new ActivityLog({ clock, serverNow })
  const stopActivity = feedActivity(activity, { awareness, presence, link })
  let open = true
  return {
    name,
    doc,
    awareness,
    presence,
    chat,
    cards,
    undo,
    note,
    noteEditors,
    activity,
    link,
    close() {
      if (!open) return
      open = false
      stopActivity()
      noteEditors.destroy()
      note.destroy()
      undo.destroy()
      cards.destroy()
      chat.destroy()
      parts.onClose()
    },
  }
}
