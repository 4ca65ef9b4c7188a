import { useRoom } from '@roomful/react'
import { type ReactElement, type RefObject, useEffect, useMemo } from 'react'
import { useBoard } from '../board/board-context.ts'
import '../styles/cursor.css'
import { CursorChat } from './CursorChat.tsx'
import { CursorLayer } from './CursorLayer.tsx'
import { useCursorPreferences } from './cursor-preferences.ts'
import { FollowBar } from './FollowBar.tsx'
import { OwnPointer } from './own-pointer.ts'
import { SaidLog } from './SaidLog.tsx'
import { toPresenceView } from './shared-view.ts'
import { TapLayer } from './TapLayer.tsx'

interface BoardPeopleProps {
  readonly element: RefObject<HTMLElement | null>
}

/** The others over the board, and what of oneself they see there. */
export function BoardPeople({ element }: BoardPeopleProps): ReactElement {
  const { presence } = useRoom()
  const { view } = useBoard()
  const { hideOthers, hideMine } = useCursorPreferences()
  const pointer = useMemo(() => new OwnPointer(view, presence), [view, presence])

  useEffect(
    () => (element.current === null ? undefined : pointer.attach(element.current)),
    [element, pointer],
  )

  useEffect(() => {
    presence.hidePointer(hideMine)
    if (!hideMine) pointer.refresh()
  }, [presence, hideMine, pointer])

  useEffect(() => {
    const say = (): void => {
      if (view.viewport.width > 0) presence.setView(toPresenceView(view.view, view.viewport))
    }
    say()
    return view.subscribe(say)
  }, [presence, view])

  return (
    <>
      {!hideOthers && <CursorLayer />}
      {!hideOthers && <TapLayer />}
      <CursorChat pointer={pointer} isHidden={hideMine} />
      <FollowBar element={element} />
      {!hideOthers && <SaidLog />}
    </>
  )
}
