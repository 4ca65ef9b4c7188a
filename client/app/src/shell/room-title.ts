import type { RoomName } from '@roomful/shared'

/** A slug as people write it. @example roomTitle('design-review') // 'Design review' */
export function roomTitle(room: RoomName): string {
  const words = room.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The document's title: what is unread first, so that it shows in a narrow tab. */
export function pageTitle(room: RoomName, unread: number): string {
  return `${unread > 0 ? `(${unread}) ` : ''}${roomTitle(room)} · Roomful`
}
