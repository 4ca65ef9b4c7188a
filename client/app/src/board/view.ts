import { BOARD, type NormalizedCursor } from '@roomful/shared'

/** Where the world stands on the screen: CSS pixels of its top left corner inside the board, and pixels per board unit. */
export interface View {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** CSS pixels inside the board, or board units, as named. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Rect extends Point, Size {}

export const MIN_ZOOM = 0.05
export const MAX_ZOOM = 4
/** One press of a zoom button. */
export const ZOOM_STEP = 1.25
/** A first view never magnifies beyond this: three small cards need not fill a wall. */
const MAX_FIT_ZOOM = 1
/** So much of the world stays in sight however far one pans, in pixels. */
const KEEP_VISIBLE_PX = 96

export const WORLD: Rect = { x: 0, y: 0, width: BOARD.width, height: BOARD.height }

/** Pixels → board units. */
export function toWorld(view: View, point: Point): Point {
  return { x: (point.x - view.x) / view.zoom, y: (point.y - view.y) / view.zoom }
}

/** Board units → pixels. */
export function toScreen(view: View, point: Point): Point {
  return { x: point.x * view.zoom + view.x, y: point.y * view.zoom + view.y }
}

/** Board units → 0..1 of the world, clamped: what goes over the wire. */
export function toNormalized(point: Point): NormalizedCursor {
  return { x: clamp(point.x / BOARD.width, 0, 1), y: clamp(point.y / BOARD.height, 0, 1) }
}

/** 0..1 of the world → board units. */
export function fromNormalized(point: NormalizedCursor): Point {
  return { x: point.x * BOARD.width, y: point.y * BOARD.height }
}

export function panBy(view: View, dx: number, dy: number, viewport: Size): View {
  return keepInSight({ ...view, x: view.x + dx, y: view.y + dy }, viewport)
}

/** Zooms to `zoom` so that the board point under `anchor` (pixels) stays under it. */
export function zoomAt(view: View, anchor: Point, zoom: number, viewport: Size): View {
  const next = clamp(zoom, MIN_ZOOM, MAX_ZOOM)
  const under = toWorld(view, anchor)
  return keepInSight({ x: anchor.x - under.x * next, y: anchor.y - under.y * next, zoom: next }, viewport)
}

/** The view that shows `rect` (board units) whole and centred, with `padding` pixels around it. */
export function fitRect(rect: Rect, viewport: Size, padding: number): View {
  const room = {
    width: Math.max(1, viewport.width - 2 * padding),
    height: Math.max(1, viewport.height - 2 * padding),
  }
  const zoom = clamp(
    Math.min(room.width / Math.max(1, rect.width), room.height / Math.max(1, rect.height)),
    MIN_ZOOM,
    MAX_FIT_ZOOM,
  )
  return {
    x: viewport.width / 2 - (rect.x + rect.width / 2) * zoom,
    y: viewport.height / 2 - (rect.y + rect.height / 2) * zoom,
    zoom,
  }
}

/** Whether `rect` (board units) stands in the view whole. */
export function isWhole(view: View, rect: Rect, viewport: Size): boolean {
  const { x, y } = toScreen(view, rect)
  return (
    x >= 0 &&
    y >= 0 &&
    x + rect.width * view.zoom <= viewport.width &&
    y + rect.height * view.zoom <= viewport.height
  )
}

/** The smallest rectangle around all, or `undefined` for none. */
export function boundsOf(rects: readonly Rect[]): Rect | undefined {
  if (rects.length === 0) return undefined
  const left = Math.min(...rects.map((r) => r.x))
  const top = Math.min(...rects.map((r) => r.y))
  const right = Math.max(...rects.map((r) => r.x + r.width))
  const bottom = Math.max(...rects.map((r) => r.y + r.height))
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/**
 * The view for reading and writing in `rect`: at least `readable` pixels per unit, growing out of its own middle, then
 * pushed so far that it stands inside the board. The same view when that is so already.
 */
export function bringClose(view: View, rect: Rect, readable: number, viewport: Size, padding: number): View {
  const middle = toScreen(view, { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 })
  const close = view.zoom < readable ? zoomAt(view, middle, readable, viewport) : view
  const from = toScreen(close, rect)
  const dx = pushInside(from.x, rect.width * close.zoom, viewport.width, padding)
  const dy = pushInside(from.y, rect.height * close.zoom, viewport.height, padding)
  return dx === 0 && dy === 0 ? close : { ...close, x: close.x + dx, y: close.y + dy }
}

/** Keeps a card inside the world. */
export function clampToWorld(pos: Point, size: Size): Point {
  return {
    x: Math.round(clamp(pos.x, 0, BOARD.width - size.width)),
    y: Math.round(clamp(pos.y, 0, BOARD.height - size.height)),
  }
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high))
}

function keepInSight(view: View, viewport: Size): View {
  const margin = Math.min(KEEP_VISIBLE_PX, viewport.width / 2, viewport.height / 2)
  return {
    zoom: view.zoom,
    x: clamp(view.x, margin - BOARD.width * view.zoom, viewport.width - margin),
    y: clamp(view.y, margin - BOARD.height * view.zoom, viewport.height - margin),
  }
}

function pushInside(start: number, length: number, available: number, padding: number): number {
  if (start < padding || length + 2 * padding > available) return padding - start
  return Math.min(0, available - padding - (start + length))
}
