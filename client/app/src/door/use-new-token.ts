import type { RoomfulProvider } from '@roomful/provider'
import { useEffect } from 'react'
import { onNewToken } from './room-token.ts'

/** A sign-in link followed on an open page: the room is entered anew, with what the new token allows. */
export function useNewToken(provider: Pick<RoomfulProvider, 'connect' | 'disconnect'>): void {
  useEffect(
    () =>
      onNewToken(() => {
        provider.disconnect()
        provider.connect()
      }),
    [provider],
  )
}
