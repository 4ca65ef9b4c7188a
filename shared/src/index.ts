export { CLOSE, closeCode, isTerminalClose, type CloseCode, type CloseName } from './close-codes.ts'
export {
  DURABILITIES,
  NOTICE_CODES,
  parseHello,
  parseNotice,
  PERMISSIONS,
  type Durability,
  type Hello,
  type Notice,
  type NoticeCode,
  type Permission,
} from './hello.ts'
export { clampColor } from './identity-color.ts'
export { createUser, generateName, IDENTITY_COLORS, lightColor, pickColor } from './identity.ts'
export { parseCardCaret, type CardCaret, type StructId, type TextPlace } from './card-caret.ts'
export { DEFAULT_LIMITS, LIMIT_SPECS, type LimitName, type Limits, type LimitSpec } from './limits.ts'
export {
  cleanName,
  MAX_NAME_LENGTH,
  MAX_POINTER_MESSAGE_LENGTH,
  parsePresence,
  POINTER_INTERVAL_MS,
  TYPING_CLEAR_MS,
  TYPING_INTERVAL_MS,
  type NormalizedCursor,
  type Presence,
  type PresenceTap,
  type PresenceUser,
  type PresenceView,
} from './presence.ts'
export {
  BOARD,
  CARD_COLORS,
  DRAG_INTERVAL_MS,
  MAX_MESSAGE_LENGTH,
  parseCard,
  parseChatMessage,
  roomDoc,
  ROOTS,
  SCHEMA_VERSION,
  type Card,
  type CardColor,
  type ChatMessage,
  type RoomDoc,
} from './room-doc.ts'
export { LOBBY, normalizeRoomName, parseRoomName, parseRoomSegment, type RoomName } from './room-name.ts'
export {
  decodeMessage,
  encodeAwareness,
  encodeFragment,
  encodeFragments,
  encodeHello,
  encodeNotice,
  encodePermissionDenied,
  encodeQueryAwareness,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  FRAGMENT_BYTES,
  FRAGMENT_THRESHOLD_BYTES,
  KEEPALIVE_FRAME,
  KEEPALIVE_MS,
  MAX_FRAGMENTED_BYTES,
  MAX_FRAGMENTS,
  MAX_SYNC_STATUS_BYTES,
  MESSAGE,
  PROTOCOL_VERSION,
  readFragment,
  SYNC,
  type Fragment,
  type WireMessage,
} from './wire.ts'
