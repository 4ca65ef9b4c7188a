import { useRoom } from '@roomful/react'
import { type ReactElement, useEffect, useRef } from 'react'
import { useBoard } from '../board/board-context.ts'
import { fromNormalized, toScreen } from '../board/view.ts'
import { cleanName } from '@roomful/shared'

/** How long a tap stays in sight; the styles name the same. */
const RIPPLE_MS = 900
/** Never more at once: ten fingers of ten people are a crowd, not information. */
const MAX_RIPPLES = 20

/** Where other people's fingers touched the board: a ripple in their colour, with their name. */
export function TapLayer(): ReactElement {
  const { presence } = useRoom()
  const { view } = useBoard()
  const layer = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const node = layer.current
    if (node === null) return
    const timers = new Set<ReturnType<typeof setTimeout>>()
    const off = presence.onTap((clientId, tap) => {
      const user = presence.connections.find((connection) => connection.clientId === clientId)?.user
      if (user === undefined) return
      while (node.childElementCount >= MAX_RIPPLES) node.firstElementChild?.remove()
      const ripple = document.createElement('span')
      ripple.className = 'tap-ripple'
      ripple.dataset['tapUser'] = user.id
      ripple.style.setProperty('--person', user.color)
      const { x, y } = toScreen(view.view, fromNormalized(tap))
      ripple.style.translate = `${x.toFixed(1)}px ${y.toFixed(1)}px`
      const name = document.createElement('bdi')
      name.className = 'cursor-label'
      name.textContent = cleanName(user.name)
      ripple.append(name)
      node.append(ripple)
      const timer = setTimeout(() => {
        timers.delete(timer)
        ripple.remove()
      }, RIPPLE_MS)
      timers.add(timer)
    })
    return () => {
      off()
      for (const timer of timers) clearTimeout(timer)
      node.replaceChildren()
    }
  }, [presence, view])
  return <div ref={layer} className="taps" aria-hidden="true" />
}
