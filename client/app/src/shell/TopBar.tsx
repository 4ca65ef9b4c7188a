import type { RoomName } from '@roomful/shared'
import { PanelRight } from 'lucide-react'
import type { ReactElement } from 'react'
import { Link } from 'wouter'
import { AvatarStack } from '../people/AvatarStack.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Logo } from './Logo.tsx'
import { RoomMenu } from './RoomMenu.tsx'
import { ShareButton } from './ShareButton.tsx'
import { StatusChip } from './StatusChip.tsx'
import { ThemeToggle } from './ThemeToggle.tsx'

interface TopBarProps {
  readonly room: RoomName
  readonly panelOpen: boolean
  readonly onTogglePanel: () => void
}

/** Where one is, whether all is well, who is here. */
export function TopBar({ room, panelOpen, onTogglePanel }: TopBarProps): ReactElement {
  return (
    <header className="top-bar">
      <Link href="/rooms/lobby" className="mark" aria-label="Roomful: go to the lobby">
        <Logo size={26} />
      </Link>
      <RoomMenu room={room} />
      <StatusChip />
      <span className="grow" />
      <AvatarStack />
      <ShareButton room={room} />
      <ThemeToggle />
      <IconButton
        className="wide-only"
        icon={PanelRight}
        label={panelOpen ? 'Hide the side panel' : 'Show the side panel'}
        aria-pressed={panelOpen}
        onClick={onTogglePanel}
      />
    </header>
  )
}
