import { between } from './random.mjs'
import { DESK } from './story.mjs'

/** Of so many places the one with the least under it is taken. */
const TRIES = 24
/** Cards keep such a distance where they can, board units. */
const GAP = 24

/**
 * A place on the desk for a card, with as little as possible under it.
 *
 * @param {readonly [number, number]} size board units
 * @param {readonly Pick<import('@roomful/shared').Card, 'pos' | 'size'>[]} others
 * @param {import('./random.mjs').Random} random
 * @returns {{ x: number, y: number }} its left top corner, board units
 */
export function freePlace(size, others, random) {
  let best = { x: Number(DESK.left), y: Number(DESK.top) }
  let least = Infinity
  for (let attempt = 0; attempt < TRIES && least > 0; attempt++) {
    const x = DESK.left + between(random, 0, DESK.width - size[0])
    const y = DESK.top + between(random, 0, DESK.height - size[1])
    const covered = others.reduce((sum, other) => sum + overlap({ pos: [x, y], size }, other), 0)
    if (covered >= least) continue
    best = { x, y }
    least = covered
  }
  return best
}

/**
 * @param {{ pos: readonly [number, number], size: readonly [number, number] }} a
 * @param {Pick<import('@roomful/shared').Card, 'pos' | 'size'>} b
 * @returns {number} the area both cover, with the gap around them
 */
function overlap(a, b) {
  const width = Math.min(a.pos[0] + a.size[0], b.pos[0] + b.size[0]) - Math.max(a.pos[0], b.pos[0]) + GAP
  const height = Math.min(a.pos[1] + a.size[1], b.pos[1] + b.size[1]) - Math.max(a.pos[1], b.pos[1]) + GAP
  return width > 0 && height > 0 ? width * height : 0
}
