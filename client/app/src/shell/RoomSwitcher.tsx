import type { RoomName } from '@roomful/shared'
import { type KeyboardEvent, type ReactElement, useMemo, useState } from 'react'
import { useClosePopover } from '../ui/Popover.tsx'
import { ForgetDevice } from './ForgetDevice.tsx'
import { KeptAsideCopies } from './KeptAsideCopies.tsx'
import { usePeopleCounts } from './people-count.ts'
import { dropRoom, suggestedRooms, visitedRooms } from './recent-rooms.ts'
import { RoomNameForm } from './RoomNameForm.tsx'
import { RoomRow } from './RoomRow.tsx'

interface RoomSwitcherProps {
  readonly room: RoomName
}

/** Any room by its name, the ones visited last, and those everybody finds, with how many people are in each. */
export function RoomSwitcher({ room }: RoomSwitcherProps): ReactElement {
  const close = useClosePopover()
  const [visited, setVisited] = useState(visitedRooms)
  const suggested = useMemo(() => suggestedRooms(visited), [visited])
  const counts = usePeopleCounts(useMemo(() => [...visited, ...suggested], [visited, suggested]))

  const remove = (gone: RoomName): void => {
    dropRoom(gone)
    setVisited(visitedRooms())
  }
  const row = (to: RoomName, onRemove?: () => void): ReactElement => (
    <RoomRow key={to} room={to} isHere={to === room} online={counts.get(to)} onRemove={onRemove} />
  )

  return (
    <div className="switcher" onKeyDown={moveWithArrows}>
      <RoomNameForm onGo={close} />
      {visited.length > 0 && (
        <nav className="room-list" aria-label="Recent rooms">
          <p className="caption">Recent</p>
          <ul>{visited.map((to) => row(to, to === room ? undefined : () => remove(to)))}</ul>
        </nav>
      )}
      {suggested.length > 0 && (
        <nav className="room-list" aria-label="Suggested rooms">
          <p className="caption">Suggestions</p>
          <ul>{suggested.map((to) => row(to))}</ul>
        </nav>
      )}
      <KeptAsideCopies room={room} />
      <ForgetDevice />
    </div>
  )
}

/** The field and the rooms below it are one column; Home and End belong to the text while it is written. */
function moveWithArrows(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return
  const isField = at === 0
  const to =
    event.key === 'ArrowDown'
      ? (at + 1) % rows.length
      : event.key === 'ArrowUp'
        ? (at - 1 + rows.length) % rows.length
        : event.key === 'Home' && !isField
          ? 1
          : event.key === 'End' && !isField
            ? rows.length - 1
            : undefined
  if (to === undefined) return
  event.preventDefault()
  rows[to]?.focus()
}
