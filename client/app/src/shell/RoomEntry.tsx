import { Identity } from '@roomful/provider'
import type { RoomName } from '@roomful/shared'
import type { ReactElement } from 'react'
import { IdentityContext } from '../people/identity.ts'
import { RoomPage } from './RoomPage.tsx'
import '../styles/status.css'
import '../styles/people.css'
import '../styles/board.css'
import '../styles/card.css'
import '../styles/panel.css'

const identity = new Identity()

interface RoomEntryProps {
  readonly room: RoomName
}

/** Everything of rooms, and who this tab is in all of them: the second of the two parts the page comes in. */
export function RoomEntry({ room }: RoomEntryProps): ReactElement {
  return (
    <IdentityContext value={identity}>
      <RoomPage room={room} />
    </IdentityContext>
  )
}
