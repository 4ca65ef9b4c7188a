import type { Point } from './view.ts'

/** Page pixels → pixels inside the board. */
export function inside(element: HTMLElement | null, [x, y]: readonly [number, number]): Point {
  const box = element?.getBoundingClientRect()
  return { x: x - (box?.left ?? 0), y: y - (box?.top ?? 0) }
}
