import { type RefObject, useEffect, useRef, useState } from 'react'
import { BoardPointers } from './board-pointers.ts'
import type { BoardController } from './board-state.ts'
import { clamp, type Point } from './view.ts'

/** A wheel that counts lines instead of pixels. */
const LINE_PX = 16
/** One notch of a mouse wheel reports 100 px and more: as a zoom that would be a leap. */
const MAX_ZOOM_DELTA_PX = 40
const ZOOM_PER_PX = 0.01

/** Whether the pointer would pan, or does. */
export type Panning = 'no' | 'ready' | 'active'

/**
 * Everything the pointer does to the board as a whole: presses, drags and pinches, wheel pans and Ctrl+wheel zooms at
 * the pointer.
 */
export function useBoardGestures(
  element: RefObject<HTMLElement | null>,
  board: BoardController,
): Panning {
  const spaceHeld = useSpaceHeld()
  const [active, setActive] = useState(false)
  const pointers = useRef<BoardPointers>(undefined)

  useEffect(() => {
    if (element.current === null) return
    const created = new BoardPointers(element.current, board, setActive)
    pointers.current = created
    return () => created.destroy()
  }, [element, board])
  useEffect(() => {
    if (pointers.current !== undefined) pointers.current.spaceHeld = spaceHeld
  }, [spaceHeld])

  useWheel(element, board)
  return active ? 'active' : spaceHeld ? 'ready' : 'no'
}

function useWheel(element: RefObject<HTMLElement | null>, board: BoardController): void {
  useEffect(() => {
    const node = element.current
    if (node === null) return
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1
      const dx = event.deltaX * scale
      const dy = event.deltaY * scale
      if (event.ctrlKey || event.metaKey) {
        const factor = Math.exp(-clamp(dy, -MAX_ZOOM_DELTA_PX, MAX_ZOOM_DELTA_PX) * ZOOM_PER_PX)
        board.view.zoomTo(board.view.view.zoom * factor, inside(node, [event.clientX, event.clientY]))
      } else if (event.shiftKey && dx === 0) board.view.pan(-dy, 0)
      else board.view.pan(-dx, -dy)
    }
    // React's own wheel listener is passive and could not keep the page from zooming
    node.addEventListener('wheel', onWheel, { passive: false })
    return () => node.removeEventListener('wheel', onWheel)
  }, [element, board])
}

function useSpaceHeld(): boolean {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    const onDown = (event: KeyboardEvent): void => {
      if (event.key !== ' ' || isControl(event.target)) return
      event.preventDefault()
      setHeld(true)
    }
    const onUp = (event: KeyboardEvent): void => {
      if (event.key === ' ') setHeld(false)
    }
    const onBlur = (): void => setHeld(false)
    window.addEventListener('keydown', onDown)
    window.addEventListener('keyup', onUp)
    window.addEventListener('blur', onBlur)
    return () => {
      window.removeEventListener('keydown', onDown)
      window.removeEventListener('keyup', onUp)
      window.removeEventListener('blur', onBlur)
    }
  }, [])
  return held
}

/** Whether keys belong to what has the focus: fields, buttons, links. */
export function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, button, a, [contenteditable], [role="dialog"], [role="tab"]') !==
      null
  )
}

/** Page pixels → pixels inside the board. */
export function inside(element: HTMLElement | null, [x, y]: readonly [number, number]): Point {
  const box = element?.getBoundingClientRect()
  return { x: x - (box?.left ?? 0), y: y - (box?.top ?? 0) }
}
