import { Identity } from '@roomful/provider'
import { RoomProvider } from '@roomful/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Room } from './Room.tsx'

const serverUrl = `${location.origin.replace('http', 'ws')}/ws`
const room = new URLSearchParams(location.search).get('room') ?? 'react'
const identity = new Identity()

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <RoomProvider serverUrl={serverUrl} room={room} identity={identity}>
      <Room />
    </RoomProvider>
  </StrictMode>,
)
