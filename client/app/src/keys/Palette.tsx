import { useOthers, useStatus } from '@roomful/react'
import type { RoomName } from '@roomful/shared'
import { Command as Menu, defaultFilter } from 'cmdk'
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
import { roomCommands, typedRoom } from './room-commands.ts'

interface PaletteProps {
  readonly room: RoomName
}

/** Everything that can be done, by name: rooms, people, cards, panel, theme. */
export function Palette({ room }: PaletteProps): ReactElement {
  const [, navigate] = useLocation()
  const [search, setSearch] = useState('')
  const others = useOthers()
  const { follow, followed } = useFollow()
  const isSheet = useMedia(PHONE)
  const isClosed = useStatus().state === 'closed'
  const go = (name: RoomName): void => navigate(`/rooms/${name}`)
  const typed = typedRoom(search, room, go)
  // what the board offers depends on what is selected, which does not change while this is open
  const [board] = useState(boardCommands)
  const groups = [
    // board and panel lie behind the notice of a closed room
    ...(isClosed ? [] : [...board, panelCommands(isSheet)]),
    peopleCommands(others, followed, (userId) => follow.toggle(userId)),
    pageCommands(),
    roomCommands(room, go),
  ].filter(({ commands }) => commands.length > 0)

  return (
    <Dialog label="Commands" className="palette" onClose={() => hideKeysDialog('palette')}>
      <Menu
        loop
        label="Commands"
        filter={(_, typedText, words = []) => defaultFilter(words.join(' '), typedText)}
      >
        <div className="palette-search">
          <Search size={16} strokeWidth={2} aria-hidden />
          <Menu.Input placeholder="Find a command, room or person" value={search} onValueChange={setSearch} />
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
            <Menu.Group forceMount heading="Any room">
              <Item command={typed} forceMount />
            </Menu.Group>
          )}
          {typed === undefined && <Menu.Empty>Nothing is called that.</Menu.Empty>}
        </Menu.List>
      </Menu>
    </Dialog>
  )
}

interface ItemProps {
  readonly command: Command
  readonly forceMount?: boolean
}

function Item({ command, forceMount = false }: ItemProps): ReactElement {
  const { id, label, words = [], icon: Icon, person, keys, run } = command
  return (
    <Menu.Item
      value={id}
      keywords={[label, ...words]}
      forceMount={forceMount}
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
