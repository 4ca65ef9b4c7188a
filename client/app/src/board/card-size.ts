import { clamp, type Size } from './view.ts'

/** Room for a line of text and the papers' round corners; a finger can still hold it at the usual zoom. */
export const MIN_CARD: Size = { width: 128, height: 72 }
/** A third of the world: larger would hide the others from everybody. */
export const MAX_CARD: Size = { width: 1_200, height: 900 }

/** A size a card may have, in whole board units. */
export function limitSize({ width, height }: Size): Size {
  return {
    width: Math.round(clamp(width, MIN_CARD.width, MAX_CARD.width)),
    height: Math.round(clamp(height, MIN_CARD.height, MAX_CARD.height)),
  }
}
