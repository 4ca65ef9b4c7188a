import type { RoomName } from '@roomful/shared'
import { ChevronDown } from 'lucide-react'
import { type ReactElement } from 'react'
import { Popover } from '../ui/Popover.tsx'
import { roomTitle } from './room-title.ts'
import { lazyPart } from '../ui/lazy-part.tsx'

const RoomSwitcher = lazyPart(async () => (await import('./RoomSwitcher.tsx')).RoomSwitcher)

interface RoomMenuProps {
  readonly room: RoomName
}

/** The room's name; pressed, the way into other rooms. */
export function RoomMenu({ room }: RoomMenuProps): ReactElement {
  return (
    <Popover
      label="Rooms"
      button={(button) => (
        <button type="button" {...button} className="room-button" title={roomTitle(room)}>
          <h1 className="truncate">{roomTitle(room)}</h1>
          <ChevronDown size={16} strokeWidth={1.8} aria-hidden />
        </button>
      )}
    >
      <RoomSwitcher room={room} />
    </Popover>
  )
}
