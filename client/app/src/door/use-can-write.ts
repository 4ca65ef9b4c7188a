import { useStatus } from '@roomful/react'

/**
 * Whether this tab may change the room: what the server said last, so that nothing flickers while it is away. Until it has
 * said anything, yes.
 */
export function useCanWrite(): boolean {
  return useStatus().permission !== 'read'
}
