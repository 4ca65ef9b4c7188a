import type { Point } from './view.ts'

/** Something in hand from grip to release: cards, a corner, a selection box. */
export interface Drag {
  /** The pointer is now at `pointer`, board units. */
  move(pointer: Point): void
  /** Let go: what was last shown stays. */
  end(): void
  /** Back to how it was. */
  cancel(): void
}
