export { AvatarStack, type AvatarStackProps, type Face } from './AvatarStack.tsx'
export { Chat, type ChatProps } from './Chat.tsx'
export type { ChatLabels } from './chat-labels.ts'
export type { DrawMessage } from './ChatMessages.tsx'
export { ConnectionStatus, type ConnectionStatusProps, type ConnectionView } from './ConnectionStatus.tsx'
export {
  ActivityLog,
  LEAVE_HOLD_MS,
  MAX_ACTIVITY,
  RETURN_HOLD_MS,
  type ActivityEntry,
  type ActivityLogOptions,
} from './activity-log.ts'
export { CURSOR_GONE_MS, CURSOR_IDLE_MS, type CursorSpace } from './cursor-driver.ts'
export type { MotionKind } from './cursor-motion.ts'
export { Cursors, type CursorsProps } from './Cursors.tsx'
export type { Link, SyncStatus } from './link.ts'
export type { Note } from './note.ts'
export { NOTE_EDITORS_INTERVAL_MS, NoteEditors, type NoteEditor } from './note-editors.ts'
export { openRoom, type Room, type RoomOptions } from './room.ts'
export {
  RoomProvider,
  type AdoptProviderProps,
  type OpenRoomProps,
  type RoomProviderProps,
} from './RoomProvider.tsx'
export type { AnyRoom } from './any-room.ts'
export { adoptProvider, type AdoptOptions, type AwarenessProvider, type UserSource } from './foreign-room.ts'
export { useAnyRoom, useRoom } from './room-context.ts'
export { useActivity } from './use-activity.ts'
export { useCards, useCardText, type CardsView } from './use-cards.ts'
export { useChat, type ChatView } from './use-chat.ts'
export { useNote, useNoteEditors } from './use-note.ts'
export {
  useCursors,
  useMyPresence,
  useOnlineCount,
  useOthers,
  useSelf,
  type CursorOwner,
  type PresencePatch,
} from './use-people.ts'
export { useStatus, useSyncStatus } from './use-status.ts'
export { useTyping } from './use-typing.ts'
export { useUndo, type UndoView } from './use-undo.ts'
