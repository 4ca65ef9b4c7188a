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

/** Whether a tip can be seen at all. */
export function isInside(tip: Point, viewport: Size): boolean {
  return tip.x >= 0 && tip.y >= 0 && tip.x <= viewport.width && tip.y <= viewport.height
}
