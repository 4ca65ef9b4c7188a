import { memo, type ReactElement, type ReactNode, useCallback, useLayoutEffect, useRef } from 'react'
import { CursorDriver, type CursorSpace } from './cursor-driver.ts'
import type { MotionKind } from './cursor-motion.ts'
import { useAnyRoom } from './room-context.ts'
import { type CursorOwner, useCursors } from './use-people.ts'

/** How {@link Cursors} draws. */
export interface CursorsProps {
  /** Must be the same object as long as it means the same plane. */
  readonly space: CursorSpace
  /** What a cursor looks like, its tip at the top left. Must be the same function at each render. */
  readonly children: (owner: CursorOwner) => ReactNode
  readonly className?: string
  readonly cursorClassName?: string
  /** `direct` shows each point as it comes: for reduced motion. */
  readonly motion?: MotionKind
  /** Called after each move with the pixels written: to keep labels inside, for instance. */
  readonly onPlace?: (element: HTMLElement, x: number, y: number) => void
}

/** Above so many cursors a frame loop for each costs more than it shows: CSS eases them (`data-motion="transition"`). */
const CROWD = 50

/**
 * Everybody else's cursors, headless: position, smoothing, idling and hiding; the looks are yours. Moves cause no React
 * render. Each cursor carries `data-cursor-user` (the person's id), `data-state` and `data-motion`.
 *
 * @example
 * <Cursors space={space}>{({ user }) => <Arrow color={user.color} name={user.name} />}</Cursors>
 */
export function Cursors(props: CursorsProps): ReactElement {
  const { space, children, className, cursorClassName, motion = 'spline', onPlace } = props
  const { presence } = useAnyRoom()
  const owners = useCursors()
  const drivers = useRef(new Map<number, CursorDriver>())
  const mode = motion === 'spline' && owners.length > CROWD ? 'transition' : motion

  // layout effects, as the cursors' own: no move may fall between a cursor's mount and the subscription
  useLayoutEffect(
    () => presence.onPointer((id, pointer) => drivers.current.get(id)?.point(pointer)),
    [presence],
  )
  useLayoutEffect(() => {
    let said = new Map<number, string>()
    // who says something without moving is awake: an idle cursor would hide the words
    return presence.subscribe(() => {
      for (const { clientId, message } of presence.connections) {
        if (message !== '' && message !== said.get(clientId))
          drivers.current.get(clientId)?.point(presence.pointerOf(clientId))
      }
      said = new Map(presence.connections.map(({ clientId, message }) => [clientId, message]))
    })
  }, [presence])
  useLayoutEffect(() => {
    const all = drivers.current
    return space.subscribe(() => {
      for (const driver of all.values()) driver.redraw()
    })
  }, [space])

  const mount = useCallback(
    (clientId: number, element: HTMLElement): (() => void) => {
      const all = drivers.current
      const driver = new CursorDriver(element, space, mode === 'spline' ? 'spline' : 'direct', (x, y) =>
        onPlace?.(element, x, y),
      )
      all.set(clientId, driver)
      driver.point(presence.pointerOf(clientId))
      return () => {
        driver.dispose()
        all.delete(clientId)
      }
    },
    [presence, space, mode, onPlace],
  )

  return (
    <div className={className} aria-hidden="true">
      {owners.map((owner) => (
        <Cursor key={owner.clientId} owner={owner} className={cursorClassName} mode={mode} mount={mount}>
          {children}
        </Cursor>
      ))}
    </div>
  )
}

interface CursorProps {
  readonly owner: CursorOwner
  readonly className: string | undefined
  readonly mode: MotionKind | 'transition'
  readonly mount: (clientId: number, element: HTMLElement) => () => void
  readonly children: (owner: CursorOwner) => ReactNode
}

const Cursor = memo(function Cursor({ owner, className, mode, mount, children }: CursorProps): ReactElement {
  const element = useRef<HTMLDivElement>(null)
  const { clientId } = owner
  useLayoutEffect(
    () => (element.current === null ? undefined : mount(clientId, element.current)),
    [mount, clientId],
  )
  return (
    <div ref={element} className={className} data-cursor-user={owner.user.id} data-motion={mode}>
      {children(owner)}
    </div>
  )
})
