import {
  Cards,
  Chat,
  createUndo,
  deviceClock,
  type Identity,
  type PresenceStore,
  RoomfulProvider,
  type RoomfulProviderOptions,
  type Undo,
} from '@roomful/provider'
import { roomDoc } from '@roomful/shared'
import * as Y from 'yjs'
import { feedActivity } from './activity-feed.ts'
import { ActivityLog } from './activity-log.ts'
import { type Link, roomfulLink } from './link.ts'
import { type Note, openNote } from './note.ts'
import { NoteEditors } from './note-editors.ts'

/** Everything of one room that hooks read. */
export interface Room {
  readonly name: string
  readonly doc: Y.Doc
  readonly provider: RoomfulProvider
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
  /** Leaves the room and ends everything above. Idempotent. */
  close(): void
}

/** Which room to open, as whom. */
export interface RoomOptions {
  /** Base of the room sockets, without the room: `wss://example.com/ws`. */
  readonly serverUrl: string
  readonly room: string
  readonly identity?: Identity
  /** Everything else the provider takes: `token`, `persist`, `connect`, `params`… */
  readonly options?: Omit<RoomfulProviderOptions, 'identity'>
}

/**
 * Opens a room: document, connection, presence and the typed helpers.
 *
 * @example
 * const room = openRoom({ serverUrl: 'ws://127.0.0.1:3000/ws', room: 'lobby' })
 * room.chat.send('hello')
 * room.close()
 */
export function openRoom(options: RoomOptions): Room {
  const doc = new Y.Doc()
  const provider = new RoomfulProvider(options.serverUrl, options.room, doc, {
    ...options.options,
    identity: options.identity,
  })
  const chat = new Chat(provider)
  const cards = new Cards(provider)
  const roots = roomDoc(doc)
  const undo = createUndo([roots.cards, roots.note])
  const link = roomfulLink(provider)
  const clock = options.options?.clock ?? deviceClock
  const activity = new ActivityLog({ clock, serverNow: () => provider.serverNow() })
  const { awareness, presence } = provider
  const note = openNote(roots.note, awareness)
  const selfId = (): string | undefined => presence.self?.user.id
  const noteEditors = new NoteEditors({ text: roots.note, awareness, selfId, clock })
  const stopActivity = feedActivity(activity, { awareness, presence, link })
  let open = true
  return {
    name: options.room,
    doc,
    provider,
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
      provider.destroy()
      doc.destroy()
    },
  }
}
