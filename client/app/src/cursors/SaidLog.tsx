import { useRoom } from '@roomful/react'
import { type ReactElement, useEffect, useState } from 'react'
import { Name } from '../ui/Name.tsx'

/** A message counts as said when it has not changed for so long: letter by letter nobody could listen. */
const SETTLE_MS = 1_500
/** So many are kept; the rest has been read out. */
const MAX_LINES = 5

interface Line {
  readonly key: number
  readonly name: string
  readonly text: string
}

/** What people say at their cursors, for screen readers: the cursors themselves are pictures. */
export function SaidLog(): ReactElement {
  const { presence } = useRoom()
  const [lines, setLines] = useState<readonly Line[]>([])
  useEffect(() => {
    let key = 0
    const open = new Map<number, { readonly text: string; readonly timer: ReturnType<typeof setTimeout> }>()
    const off = presence.subscribe(() => {
      const present = new Set<number>()
      for (const { clientId, message, user } of presence.connections) {
        present.add(clientId)
        if (message === '' || open.get(clientId)?.text === message) continue
        clearTimeout(open.get(clientId)?.timer)
        const line = { key: key++, name: user.name, text: message }
        const timer = setTimeout(() => setLines((all) => [...all, line].slice(-MAX_LINES)), SETTLE_MS)
        open.set(clientId, { text: message, timer })
      }
      for (const clientId of open.keys()) if (!present.has(clientId)) open.delete(clientId)
    })
    return () => {
      off()
      for (const { timer } of open.values()) clearTimeout(timer)
    }
  }, [presence])
  return (
    <div className="sr-only" role="log" aria-label="Said at cursors">
      {lines.map(({ key, name, text }) => (
        <p key={key}>
          <Name name={name} />: <bdi>{text}</bdi>
        </p>
      ))}
    </div>
  )
}
