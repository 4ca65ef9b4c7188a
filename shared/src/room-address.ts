import { normalizeRoomName, type RoomName } from './room-name.ts'

/**
 * What the name in a room's address comes to. `room`: it is one. `respelled`: another spelling of one, the same letters and
 * digits. `unnamed`: no room can be called so; `left` is what remains of it, another name, never gone to unasked.
 */
export type RoomAddress =
  | { readonly kind: 'room'; readonly room: RoomName }
  | { readonly kind: 'respelled'; readonly room: RoomName }
  | { readonly kind: 'unnamed'; readonly typed: string; readonly left: RoomName | undefined }

/**
 * Reads the name in an address, decoded already.
 *
 * @example readRoomAddress('Design Review') // { kind: 'respelled', room: 'design-review' }
 * @example readRoomAddress('日本-review') // { kind: 'unnamed', typed: '日本-review', left: 'review' }
 */
export function readRoomAddress(typed: string): RoomAddress {
  const room = normalizeRoomName(typed)
  if (room === undefined || wordOf(typed) !== wordOf(room)) return { kind: 'unnamed', typed, left: room }
  return { kind: room === typed ? 'room' : 'respelled', room }
}

/**
 * A piece of an address without its percent signs; one that is not well written stands for itself.
 *
 * @example decodeAddress('a%20b') // 'a b'
 * @example decodeAddress('100%') // '100%'
 */
export function decodeAddress(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What a name says, without how it is set: letters and digits of every script, and pictures. */
function wordOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{So}]/gu, '')
}
