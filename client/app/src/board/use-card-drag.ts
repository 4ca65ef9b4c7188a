import type { Card } from '@roomful/shared'
import { useDrag } from '@use-gesture/react'
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { useBoard } from './board-context.ts'
import { DragWriter } from './drag-writer.ts'
import { clampToWorld, type Point, toWorld } from './view.ts'

/** A pointer that moves less than this is a press, in pixels. */
const DRAG_THRESHOLD_PX = 3

interface Drag {
  /** From the card's corner to the pointer, board units. */
  readonly grip: Point
  readonly from: Point
  readonly writer: DragWriter
  /** Ends listening for Esc. */
  readonly stop: () => void
}

/**
 * Places a card's element and lets it be dragged. The element follows the pointer by itself; the document hears of it
 * every 50 ms and at the end. While somebody drags here, what others write moves nothing under their finger; at the end
 * the last writer has it, here and everywhere.
 *
 * @returns handlers for the element.
 */
export function useCardDrag(
  card: Card,
  element: RefObject<HTMLElement | null>,
  enabled: boolean,
  onPress: (touch: boolean) => void,
): ReturnType<ReturnType<typeof useDrag>> {
  const board = useBoard()
  const drag = useRef<Drag>(undefined)
  const { id, pos } = card

  useLayoutEffect(() => {
    if (drag.current === undefined) place(element.current, { x: pos[0], y: pos[1] })
  }, [element, pos])

  const end = (): void => {
    drag.current?.writer.flush()
    drag.current?.stop()
    drag.current = undefined
    const node = element.current
    if (node === null) return
    delete node.dataset['dragging']
    const now = board.cards.get(id)
    if (now !== undefined) place(node, { x: now.pos[0], y: now.pos[1] })
  }

  // a card that goes away under the pointer takes timer and listener along
  useEffect(
    () => () => {
      drag.current?.writer.flush()
      drag.current?.stop()
    },
    [],
  )

  return useDrag(
    ({ first, last, tap, xy, event, cancel, canceled }) => {
      if (tap) {
        onPress('pointerType' in event && event.pointerType === 'touch')
        return
      }
      const at = toBoard(element.current, xy)
      const pointer = toWorld(board.view.view, at)
      if (first) {
        board.beginStep()
        board.grab(id)
        const [x, y] = board.cards.get(id)?.pos ?? card.pos
        drag.current = {
          grip: { x: pointer.x - x, y: pointer.y - y },
          from: { x, y },
          writer: new DragWriter((left, top) => board.cards.move(id, [left, top])),
          stop: onEscape(cancel),
        }
        if (element.current) element.current.dataset['dragging'] = ''
      }
      const current = drag.current
      if (current === undefined) return
      const to = canceled
        ? current.from
        : clampToWorld(
            { x: pointer.x - current.grip.x, y: pointer.y - current.grip.y },
            { width: card.size[0], height: card.size[1] },
          )
      place(element.current, to)
      current.writer.move(to.x, to.y)
      if (last) end()
    },
    {
      enabled,
      filterTaps: true,
      threshold: DRAG_THRESHOLD_PX,
      pointer: { keys: false, buttons: [1] },
    },
  )()
}

function onEscape(run: () => void): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') run()
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}

function place(element: HTMLElement | null, at: Point): void {
  if (element !== null) element.style.transform = `translate(${at.x}px, ${at.y}px)`
}

/** Page pixels → pixels inside the board. */
function toBoard(element: HTMLElement | null, [x, y]: readonly [number, number]): Point {
  const box = element?.closest('.board')?.getBoundingClientRect()
  return { x: x - (box?.left ?? 0), y: y - (box?.top ?? 0) }
}
