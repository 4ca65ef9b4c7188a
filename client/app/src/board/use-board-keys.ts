import { type RefObject, useEffect } from 'react'
import type { BoardController } from './board-state.ts'
import { inside, isControl } from './use-board-gestures.ts'
import { type Point, ZOOM_STEP } from './view.ts'

/**
 * The board's keys: N new card at the pointer, V and H the tools, + - 0 the zoom, Ctrl/Cmd+Z and Shift+Z undo and redo.
 * None fires while a field, a button or a dialog has the focus, so that single keys never surprise who types or reads
 * with a screen reader's own keys (WCAG 2.1.4).
 */
export function useBoardKeys(
  element: RefObject<HTMLElement | null>,
  board: BoardController,
  undo: () => void,
  redo: () => void,
): void {
  useEffect(() => {
    let pointer: readonly [number, number] | undefined
    const onMove = (event: PointerEvent): void => {
      pointer = [event.clientX, event.clientY]
    }
    const onLeave = (): void => {
      pointer = undefined
    }
    const at = (): Point | undefined => (pointer === undefined ? undefined : inside(element.current, pointer))

    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return
      const command = event.ctrlKey || event.metaKey
      const key = event.key.toLowerCase()
      if (command && (key === 'z' || key === 'y')) {
        // a field's own undo comes first
        if (event.target instanceof Element && event.target.closest('input, textarea') !== null) return
        event.preventDefault()
        if (key === 'y' || event.shiftKey) redo()
        else undo()
        return
      }
      if (command || isControl(event.target)) return
      if (!runKey(key, board, at())) return
      event.preventDefault()
    }
    const node = element.current
    node?.addEventListener('pointermove', onMove)
    node?.addEventListener('pointerleave', onLeave)
    window.addEventListener('keydown', onKey)
    return () => {
      node?.removeEventListener('pointermove', onMove)
      node?.removeEventListener('pointerleave', onLeave)
      window.removeEventListener('keydown', onKey)
    }
  }, [element, board, undo, redo])
}

function runKey(key: string, board: BoardController, at: Point | undefined): boolean {
  switch (key) {
    case 'n':
      board.createAt(at)
      return true
    case 'v':
      board.setTool('select')
      return true
    case 'h':
      board.setTool('hand')
      return true
    case '+':
    case '=':
      board.view.zoomBy(ZOOM_STEP)
      return true
    case '-':
      board.view.zoomBy(1 / ZOOM_STEP)
      return true
    case '0':
      board.fitAll(true)
      return true
    case 'escape':
      if (board.state.tool !== 'select') board.setTool('select')
      else board.select(undefined)
      return true
    default:
      return false
  }
}
