import type { BoardController } from './board-state.ts'
import { inside } from './inside.ts'
import { clamp } from './view.ts'

/** A wheel that counts lines instead of pixels. */
const LINE_PX = 16
/** One notch of a mouse wheel reports 100 px and more: as a zoom that would be a leap. */
const MAX_ZOOM_DELTA_PX = 40
const ZOOM_PER_PX = 0.01

/**
 * The wheel pans the board; with Ctrl or Cmd, as a pinch on a trackpad, it zooms at the pointer. Over a text in hand that
 * is longer than its card it scrolls the text. Returns how to stop.
 */
export function attachWheel(element: HTMLElement, board: BoardController): () => void {
  const onWheel = (event: WheelEvent): void => {
    const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1
    const dx = event.deltaX * scale
    const dy = event.deltaY * scale
    const zooms = event.ctrlKey || event.metaKey
    if (!zooms && scrollsText(event.target, dy)) return
    event.preventDefault()
    if (zooms) {
      const factor = Math.exp(-clamp(dy, -MAX_ZOOM_DELTA_PX, MAX_ZOOM_DELTA_PX) * ZOOM_PER_PX)
      board.view.zoomTo(board.view.view.zoom * factor, inside(element, [event.clientX, event.clientY]))
    } else if (event.shiftKey && dx === 0) board.view.pan(-dy, 0)
    else board.view.pan(-dx, -dy)
  }
  // React's own wheel listener is passive and could not keep the page from zooming
  element.addEventListener('wheel', onWheel, { passive: false })
  return () => element.removeEventListener('wheel', onWheel)
}

/** Whether the wheel is over a selected card's text, or one being written, that has more in that direction. */
function scrollsText(target: EventTarget | null, dy: number): boolean {
  if (!(target instanceof Element) || dy === 0) return false
  const text = target.closest('.card[data-selected] .card-text, .card-input')
  if (text === null || text.scrollHeight <= text.clientHeight) return false
  const left = dy < 0 ? text.scrollTop : text.scrollHeight - text.clientHeight - text.scrollTop
  return left >= 1
}
