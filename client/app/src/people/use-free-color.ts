import { useRoom, useStatus } from '@roomful/react'
import { useEffect } from 'react'
import { useIdentity } from './identity.ts'

/** So long after joining it is known who is here; who comes later chooses around them. */
const ROSTER_MS = 1_000

/** Who is new takes a colour that nobody in the room has, where there is one. */
export function useFreeColor(): void {
  const { presence } = useRoom()
  const identity = useIdentity()
  const isConnected = useStatus().state === 'connected'
  useEffect(() => {
    if (!isConnected) return undefined
    const timer = setTimeout(() => {
      identity.avoid(new Set(presence.others.map(({ user }) => user.color)))
    }, ROSTER_MS)
    return () => clearTimeout(timer)
  }, [presence, identity, isConnected])
}
