import { useRoom } from '@roomful/react'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'

/** How long a message that is over takes to fade; the styles name the same. */
const FADE_MS = 300

/** What somebody says at their pointer; once it is over it stays for a moment, as `isOver`. */
export function useMessage(clientId: number): { readonly text: string; readonly isOver: boolean } {
  const { presence } = useRoom()
  const subscribe = useCallback((onChange: () => void) => presence.subscribe(onChange), [presence])
  const said = useSyncExternalStore(
    subscribe,
    () => presence.connections.find((connection) => connection.clientId === clientId)?.message ?? '',
  )
  const [last, setLast] = useState(said)
  if (said !== '' && said !== last) setLast(said)
  useEffect(() => {
    if (said !== '' || last === '') return
    const timer = setTimeout(() => setLast(''), FADE_MS)
    return () => clearTimeout(timer)
  }, [said, last])
  return { text: said || last, isOver: said === '' }
}
