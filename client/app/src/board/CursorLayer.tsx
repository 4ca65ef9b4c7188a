import { Cursors, type CursorOwner, type CursorSpace } from '@roomful/react'
import { BOARD } from '@roomful/shared'
import { type ReactElement, type ReactNode, useCallback, useMemo } from 'react'
import { Name } from '../ui/Name.tsx'
import { REDUCED_MOTION, useMedia } from '../ui/use-media.ts'
import { useBoard } from './board-context.ts'
import { isInside, labelFlip } from './cursor-label.ts'
import { type Point, type Size, toScreen } from './view.ts'

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
  const onPlace = useCallback(
    (element: HTMLElement, x: number, y: number) => keepLabelInside(element, { x, y }, store.viewport),
    [store],
  )

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

/** Each label's size by its text: measuring makes the browser lay out, so once for each name, not for each move. */
const labelSizes = new WeakMap<Element, Size & { readonly text: string }>()

function keepLabelInside(element: HTMLElement, tip: Point, viewport: Size): void {
  // who points elsewhere on the board shows nothing here, rather than half a label
  element.toggleAttribute('data-outside', !isInside(tip, viewport))
  const label = element.querySelector<HTMLElement>('.cursor-label')
  if (label === null) return
  const text = label.textContent
  let size = labelSizes.get(label)
  if (size?.text !== text) {
    size = { width: label.offsetWidth, height: label.offsetHeight, text }
    if (size.width > 0) labelSizes.set(label, size)
  }
  const flip = labelFlip(tip, size, viewport)
  element.toggleAttribute('data-flip-x', flip.x)
  element.toggleAttribute('data-flip-y', flip.y)
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
