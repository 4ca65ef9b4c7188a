import { useOthers, useStatus } from '@roomful/react'
import type { RoomName } from '@roomful/shared'
import { Command as Menu } from 'cmdk'
import { Search } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import { flushSync } from 'react-dom'
import { useLocation } from 'wouter'
import { useFollow } from '../cursors/use-follow.ts'
import { Avatar } from '../people/Avatar.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { PHONE, useMedia } from '../ui/use-media.ts'
import { boardCommands } from './board-commands.ts'
import type { Command } from './command.ts'
import { Keycaps } from './Keycaps.tsx'
import { hideKeysDialog } from './keys-dialog.ts'
import { pageCommands, panelCommands, peopleCommands } from './page-commands.ts'
import { rankCommands } from './rank-commands.ts'
import { roomCommands, typedRoom } from './room-commands.ts'

interface PaletteProps {
  readonly room: RoomName
}

/** Everything that can be done, by name: rooms, people, cards, panel, theme. */
export function Palette({ room }: PaletteProps): ReactElement {
  const [, navigate] = useLocation()
  const [search, setSearch] = useState('')
  const [picked, setPicked] = useState<string>()
  const others = useOthers()
  const { follow, followed } = useFollow()
  const isSheet = useMedia(PHONE)
  const isClosed = useStatus().state === 'closed'
  const go = (name: RoomName): void => navigate(`/rooms/${name}`)
  const typed = typedRoom(search, room, go)
  // what the board offers depends on what is selected, which does not change while this is open
  const [board] = useState(boardCommands)
  const offered = [
    // board and panel lie behind the notice of a closed room
    ...(isClosed ? [] : [...board, panelCommands(isSheet)]),
    peopleCommands(others, followed, (userId) => follow.toggle(userId)),
    pageCommands(),
    roomCommands(room, go),
  ]
  const groups = rankCommands(offered, search).filter(({ commands }) => commands.length > 0)
  const ids = groups.flatMap(({ commands }) => commands.map(({ id }) => id))
  if (typed !== undefined) ids.push(typed.id)
  const look = (words: string): void => {
    setSearch(words)
    // the best of what is found
    setPicked(undefined)
  }

  return (
    <Dialog label="Commands" className="palette" onClose={() => hideKeysDialog('palette')}>
      <Menu
        loop
        label="Commands"
        shouldFilter={false}
        value={picked !== undefined && ids.includes(picked) ? picked : (ids[0] ?? '')}
        onValueChange={setPicked}
      >
        <div className="palette-search">
          <Search size={16} strokeWidth={2} aria-hidden />
          <Menu.Input placeholder="Find a command, room or person" value={search} onValueChange={look} />
        </div>
        <Menu.List label="Commands">
          {groups.map(({ title, commands }) => (
            <Menu.Group key={title} heading={title}>
              {commands.map((command) => (
                <Item key={command.id} command={command} />
              ))}
            </Menu.Group>
          ))}
          {typed !== undefined && (
            <Menu.Group heading="Any room">
              <Item command={typed} />
            </Menu.Group>
          )}
          {ids.length === 0 && (
            <div cmdk-empty="" role="presentation">
              Nothing is called that.
            </div>
          )}
        </Menu.List>
      </Menu>
    </Dialog>
  )
}

interface ItemProps {
  readonly command: Command
}

function Item({ command }: ItemProps): ReactElement {
  const { id, label, icon: Icon, person, keys, run } = command
  return (
    <Menu.Item
      value={id}
      onSelect={() => {
        // closed first: the focus is back where it was, and the command may move it on
        flushSync(() => hideKeysDialog('palette'))
        run()
      }}
    >
      {person === undefined ? (
        Icon !== undefined && <Icon size={16} strokeWidth={1.8} aria-hidden />
      ) : (
        <Avatar userId={person.id} color={person.user.color} />
      )}
      <bdi className="truncate">{label}</bdi>
      {keys !== undefined && <Keycaps keys={keys} />}
    </Menu.Item>
  )
}
