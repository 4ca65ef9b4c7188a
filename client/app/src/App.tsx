import { LOBBY, normalizeRoomName } from '@roomful/shared'
import type { ReactElement } from 'react'
import { Redirect, Route, Switch, useParams } from 'wouter'
import { CrashGuard } from './shell/Crash.tsx'
import { fetchPart } from './ui/fetch-part.ts'
import { lazyPart } from './ui/lazy-part.ts'

// on its way while React begins; the page waits for it with its skeleton
const loadRoom = fetchPart(() => import('./shell/RoomEntry.tsx'))
const RoomEntry = lazyPart(async () => (await loadRoom).RoomEntry)

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

/** One room has one address: another spelling of its name is replaced by the normalised one. */
function NamedRoom(): ReactElement {
  const { room: typed = '' } = useParams()
  const room = normalizeRoomName(typed) ?? LOBBY
  return room === typed ? <RoomEntry room={room} /> : <Redirect to={`/rooms/${room}`} replace />
}
