import { LOBBY, readRoomAddress, type RoomName } from '@roomful/shared'
import { type ComponentType, type ReactElement } from 'react'
import { Redirect, Route, Switch, useParams } from 'wouter'
import { CrashGuard } from './shell/Crash.tsx'
import { lazyPart } from './ui/lazy-part.tsx'

const NoSuchName = lazyPart(async () => (await import('./shell/NoSuchName.tsx')).NoSuchName)

interface AppProps {
  /** What an address of a room shows: a part of its own, which is there before anything is drawn. */
  readonly RoomEntry: ComponentType<{ room: RoomName }>
}

/** The addresses: a room, or the way to the lobby. */
export function App({ RoomEntry }: AppProps): ReactElement {
  return (
    <CrashGuard what="page" isPage>
      <Switch>
        <Route path="/rooms/:room">
          <NamedRoom RoomEntry={RoomEntry} />
        </Route>
        <Route>
          <Redirect to={`/rooms/${LOBBY}`} replace />
        </Route>
      </Switch>
    </CrashGuard>
  )
}

/**
 * One room has one address: another spelling of its name is replaced by the normalised one. A name that no room can have
 * leads to no other room: the page says so.
 */
function NamedRoom({ RoomEntry }: AppProps): ReactElement {
  const { room: typed = '' } = useParams()
  const address = readRoomAddress(typed)
  switch (address.kind) {
    case 'room':
      return <RoomEntry room={address.room} />
    case 'respelled':
      return <Redirect to={`/rooms/${address.room}`} replace />
    case 'unnamed':
      return <NoSuchName key={typed} typed={typed} left={address.left} />
  }
}
