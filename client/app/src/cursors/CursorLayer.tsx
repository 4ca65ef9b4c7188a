import { Cursors, type CursorOwner } from '@roomful/react'
import { type ReactElement, useCallback, useMemo } from 'react'
import { useBoard } from '../board/board-context.ts'
import type { Point, Size } from '../board/view.ts'
import { REDUCED_MOTION, useMedia } from '../ui/use-media.ts'
import { BoardSpace } from './board-space.ts'
import { CursorArrow } from './CursorArrow.tsx'
import { CursorLabel } from './CursorLabel.tsx'
import { clearOfTools, isInside, labelFlip, labelShift } from './cursor-label.ts'

/** Everybody else's pointers over the board, in their colours. */
export function CursorLayer(): ReactElement {
  const { view: store } = useBoard()
  const still = useMedia(REDUCED_MOTION)

  const space = useMemo(() => new BoardSpace(store), [store])
  const onPlace = useCallback(
    (element: HTMLElement, x: number, y: number) => keepLabelInside(element, { x, y }, store.viewport),
    [store],
  )
  const renderCursor = useCallback(
    (owner: CursorOwner) => (
      <>
        <CursorArrow color={owner.user.color} />
        <CursorLabel owner={owner} onResize={space.redraw} />
      </>
    ),
    [space],
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

/** Each label's size by its text: measuring makes the browser lay out, so once for each text, not for each move. */
const labelSizes = new WeakMap<Element, Size & { readonly text: string }>()

/** How far labels are pushed off the tools and the edges, as it stands in their styles. */
const pushes = new WeakMap<Element, string>()

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
  const clear = clearOfTools(viewport)
  const flip = labelFlip(tip, size, clear)
  element.toggleAttribute('data-flip-x', flip.x)
  element.toggleAttribute('data-flip-y', flip.y)
  const { x, y } = labelShift(tip, size, flip, clear)
  const pushed = x === 0 && y === 0 ? '' : `${x.toFixed(1)}px ${y.toFixed(1)}px`
  // a style that is set anew is looked at anew, for every cursor in every frame
  if (pushes.get(label) === pushed || (pushed === '' && !pushes.has(label))) return
  pushes.set(label, pushed)
  label.style.translate = pushed
}
