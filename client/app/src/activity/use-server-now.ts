import { useRoom } from '@roomful/react'
import { useEffect, useState } from 'react'

/**
 * The server's time, read anew every `intervalMs`: one timer for however many rows show how long ago something was.
 *
 * @example const now = useServerNow(15_000)
 */
export function useServerNow(intervalMs: number): number {
  const { provider } = useRoom()
  const [now, setNow] = useState(() => provider.serverNow())
  useEffect(() => {
    const timer = setInterval(() => setNow(provider.serverNow()), intervalMs)
    return () => clearInterval(timer)
  }, [provider, intervalMs])
  return now
}
