import { type View, WORLD } from './view.ts'

/** Dots stand so far apart, in board units … */
const DOT_UNITS = 28
/** … but never closer than this on the screen: then every second one goes. */
const MIN_DOT_PX = 15

/** Writes the view into the elements: the world is scaled, the dots are not, so that they stay crisp. */
export function drawView(view: View, world: HTMLElement | null, paper: HTMLElement | null): void {
  if (world !== null) {
    world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`
    world.style.setProperty('--zoom', String(view.zoom))
  }
  if (paper !== null) {
    const gap = dotGap(view.zoom)
    paper.style.transform = `translate(${view.x}px, ${view.y}px)`
    paper.style.width = `${WORLD.width * view.zoom}px`
    paper.style.height = `${WORLD.height * view.zoom}px`
    paper.style.backgroundSize = `${gap}px ${gap}px`
  }
}

/** Pixels between two dots: doubled until they no longer crowd. */
export function dotGap(zoom: number): number {
  let gap = DOT_UNITS * zoom
  while (gap < MIN_DOT_PX) gap *= 2
  return gap
}
