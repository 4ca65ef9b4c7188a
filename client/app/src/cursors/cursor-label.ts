import type { Point, Size } from '../board/view.ts'

/** On which sides of the tip a label hangs. */
export interface LabelFlip {
  readonly x: boolean
  readonly y: boolean
}

/** From the tip to the near corner of the label, in pixels; the styles name the same. */
export const LABEL_OFFSET: Point = { x: 15, y: 17 }

/** Whether the label must hang left of the tip, or above it, to stay inside. At the left or top edge it never flips. */
export function labelFlip(tip: Point, label: Size, viewport: Size): LabelFlip {
  return {
    x: tip.x + LABEL_OFFSET.x + label.width > viewport.width && tip.x > label.width,
    y: tip.y + LABEL_OFFSET.y + label.height > viewport.height && tip.y > label.height,
  }
}

/** Over so much of the view's lower edge the tools stand: what hangs there cannot be read. */
export const TOOLS_PX = 84
/** Between the tip and a label that hangs left of it, or above it, in pixels; the styles come close to it. */
const FLIPPED_GAP_PX = 4

/** The part of a view where a label can be read. */
export function clearOfTools({ width, height }: Size): Size {
  return { width, height: Math.max(0, height - TOOLS_PX) }
}

/** How far a label is pushed from where it hangs, so that it stands inside whole. */
export function labelShift(tip: Point, label: Size, flip: LabelFlip, clear: Size): Point {
  const { x, y } = labelCorner(tip, label, flip)
  return {
    x: Math.max(0, Math.min(x, clear.width - label.width)) - x,
    y: Math.max(0, Math.min(y, clear.height - label.height)) - y,
  }
}

/** Where the top left corner of a label stands that can be read whole, near the tip. */
export function labelPlace(tip: Point, label: Size, viewport: Size): Point {
  const clear = clearOfTools(viewport)
  const flip = labelFlip(tip, label, clear)
  const corner = labelCorner(tip, label, flip)
  const shift = labelShift(tip, label, flip, clear)
  return { x: corner.x + shift.x, y: corner.y + shift.y }
}

function labelCorner(tip: Point, label: Size, flip: LabelFlip): Point {
  return {
    x: flip.x ? tip.x - label.width - FLIPPED_GAP_PX : tip.x + LABEL_OFFSET.x,
    y: flip.y ? tip.y - label.height - FLIPPED_GAP_PX : tip.y + LABEL_OFFSET.y,
  }
}

/** Whether a tip can be seen at all. */
export function isInside(tip: Point, viewport: Size): boolean {
  return tip.x >= 0 && tip.y >= 0 && tip.x <= viewport.width && tip.y <= viewport.height
}
