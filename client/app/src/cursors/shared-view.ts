import { BOARD, type PresenceView } from '@roomful/shared'
import { clamp, MAX_ZOOM, MIN_ZOOM, type Size, type View } from '../board/view.ts'

/** What of the world is in sight, as it goes to followers. */
export function toPresenceView(view: View, viewport: Size): PresenceView {
  return {
    x: -view.x / view.zoom / BOARD.width,
    y: -view.y / view.zoom / BOARD.height,
    width: viewport.width / view.zoom / BOARD.width,
    height: viewport.height / view.zoom / BOARD.height,
  }
}

/** The view that shows all that somebody else sees, as large as this window allows and in its middle. */
export function containing(shown: PresenceView, viewport: Size): View {
  const width = shown.width * BOARD.width
  const height = shown.height * BOARD.height
  const zoom = clamp(Math.min(viewport.width / width, viewport.height / height), MIN_ZOOM, MAX_ZOOM)
  return {
    x: viewport.width / 2 - (shown.x * BOARD.width + width / 2) * zoom,
    y: viewport.height / 2 - (shown.y * BOARD.height + height / 2) * zoom,
    zoom,
  }
}

/** The way between two views, `t` in 0..1: the middle of the window moves straight, the zoom by equal factors. */
export function towards(from: View, to: View, viewport: Size, t: number): View {
  const zoom = from.zoom * (to.zoom / from.zoom) ** t
  const middle = { x: viewport.width / 2, y: viewport.height / 2 }
  const x = mix((middle.x - from.x) / from.zoom, (middle.x - to.x) / to.zoom, t)
  const y = mix((middle.y - from.y) / from.zoom, (middle.y - to.y) / to.zoom, t)
  return { x: middle.x - x * zoom, y: middle.y - y * zoom, zoom }
}

/** Whether nobody could see the difference of two views in this window. */
export function looksSame(a: View, b: View, viewport: Size): boolean {
  const off = (from: number, to: number, length: number): boolean =>
    Math.abs(from - to) < 0.3 && Math.abs(((length - from) / a.zoom) * b.zoom - (length - to)) < 0.3
  return off(a.x, b.x, viewport.width) && off(a.y, b.y, viewport.height)
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t
}
