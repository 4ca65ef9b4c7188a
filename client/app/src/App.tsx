import { LOBBY, readRoomAddress } from '@roomful/shared'
import { type ReactElement, Suspense } from 'react'
import { Redirect, Route, Switch, useParams } from 'wouter'
import { CrashGuard } from './shell/Crash.tsx'
import { fetchPart } from './ui/fetch-part.ts'
import { lazyPart } from './ui/lazy-part.ts'

// on its way while React begins; the page waits for it with its skeleton
const loadRoom = fetchPart(() => import('./shell/RoomEntry.tsx'))
const RoomEntry = lazyPart(async () => (await loadRoom).RoomEntry)
const NoSuchName = lazyPart(async () => (await import('./shell/NoSuchName.tsx')).NoSuchName)

/** The addresses: a room, or the way to the lobby. */
export function App(): ReactElement {
  return (
    <CrashGuard what="page" isPage>
      <Switch>
        <Route path="/rooms/:room">
          <NamedRoom />
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
function NamedRoom(): ReactElement {
  const { room: typed = '' } = useParams()
  const address = readRoomAddress(typed)
  switch (address.kind) {
    case 'room':
      return <RoomEntry room={address.room} />
    case 'respelled':
      return <Redirect to={`/rooms/${address.room}`} replace />
    case 'unnamed':
      return (
        <Suspense>
          <NoSuchName key={typed} typed={typed} left={address.left} />
        </Suspense>
      )
  }
}
