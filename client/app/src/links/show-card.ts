import type { BoardController } from '../board/board-state.ts'
import { READABLE_ZOOM } from '../board/board-state.ts'
import { bringClose } from '../board/view.ts'
import { highlight } from './highlight.ts'

/** So far from the board's edge the card stays, in pixels: its bar stands above it. */
const PADDING_PX = 64
/** A card out of sight may be drawn only once the view is there. */
const MAX_FRAMES = 60

/** Brings a card close enough to read, lights it up and gives it the focus. */
export function showCard(element: HTMLElement | null, board: BoardController, id: string): void {
  const card = board.cards.get(id)
  if (element === null || card === undefined) return
  const { view, viewport } = board.view
  const rect = { x: card.pos[0], y: card.pos[1], width: card.size[0], height: card.size[1] }
  const close = bringClose(view, rect, READABLE_ZOOM, viewport, Math.min(PADDING_PX, viewport.width / 12))
  // from now on no first view of the whole board takes it away again
  board.view.hold()
  if (close !== view) board.view.glideTo(close)
  let frames = 0
  const find = (): void => {
    const node = element.querySelector<HTMLElement>(`[data-card-id="${CSS.escape(id)}"]`)
    if (node !== null) {
      node.focus({ preventScroll: true })
      highlight(node)
    } else if (frames++ < MAX_FRAMES) requestAnimationFrame(find)
  }
  find()
}
