import { Cursors, type CursorOwner, type CursorSpace } from '@roomful/react'
import { BOARD } from '@roomful/shared'
import { type ReactElement, type ReactNode, useMemo } from 'react'
import { Name } from '../ui/Name.tsx'
import { REDUCED_MOTION, useMedia } from '../ui/use-media.ts'
import { useBoard } from './board-context.ts'
import { labelFlip } from './cursor-label.ts'
import { type Size, toScreen } from './view.ts'

/** Everybody else's pointers over the board, in their colours. */
export function CursorLayer(): ReactElement {
  const { view: store } = useBoard()
  const still = useMedia(REDUCED_MOTION)

  const space = useMemo<CursorSpace>(
    () => ({
      width: BOARD.width,
      height: BOARD.height,
      project: (x, y) => toScreen(store.view, { x, y }),
      subscribe: (onChange) => store.subscribe(onChange),
    }),
    [store],
  )
  const onPlace = useMemo(() => {
    const sizes = new WeakMap<Element, Size & { readonly text: string }>()
    return (element: HTMLElement, x: number, y: number): void => {
      const label = element.querySelector<HTMLElement>('.cursor-label')
      if (label === null) return
      const text = label.textContent
      let size = sizes.get(label)
      if (size === undefined || size.text !== text) {
        // measuring makes the browser lay out: once for each name, not for each move
        size = { width: label.offsetWidth, height: label.offsetHeight, text }
        if (size.width > 0) sizes.set(label, size)
      }
      const flip = labelFlip({ x, y }, size, store.viewport)
      element.toggleAttribute('data-flip-x', flip.x)
      element.toggleAttribute('data-flip-y', flip.y)
    }
  }, [store])

  return (
    <Cursors
      space={space}
      className="cursors"
      cursorClassName="cursor"
      motion={still ? 'direct' : 'spline'}
      onPlace={onPlace}
    >
      {renderCursor}
    </Cursors>
  )
}

function renderCursor({ user }: CursorOwner): ReactNode {
  return (
    <>
      <svg width="20" height="22" viewBox="0 0 20 22">
        <path
          d="M2 1.5 17.5 9.3a.9.9 0 0 1-.1 1.65l-6.3 2.15-3.1 6.1a.9.9 0 0 1-1.65-.12L1.2 2.6A.85.85 0 0 1 2 1.5Z"
          fill={user.color}
          stroke="#fff"
          strokeWidth="1.5"
        />
      </svg>
      <span className="cursor-label" style={{ '--person': user.color }}>
        <Name name={user.name} />
      </span>
    </>
  )
}
