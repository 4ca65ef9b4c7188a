import type { Card } from '@roomful/shared'
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'

/** Where cards go in the stack: past the next card they overlap, or past all. */
export type OrderStep = 'forward' | 'backward' | 'front' | 'back'

/**
 * The orders that some cards get when they move in the stack, keeping their own sequence. Only what must change is in it:
 * empty when they lie there already. Cards that overlap nothing have no step to make.
 *
 * @param ordered every card, the backmost first
 * @example for (const [id, order] of newOrders(cards.ordered, new Set(['a']), 'front')) write(id, order)
 */
export function newOrders(
  ordered: readonly Card[],
  ids: ReadonlySet<string>,
  step: OrderStep,
): ReadonlyMap<string, string> {
  const up = step === 'forward' || step === 'front'
  const stack = ordered.filter(({ order }) => isOrder(order))
  const target = targetOf(stack, ids, step)
  if (target === -1) return new Map()
  const movers = stack.filter(({ id }, rank) => ids.has(id) && (up ? rank < target : rank > target))
  const still = stack.filter((card) => !movers.includes(card))
  const past = stack[target]?.order ?? ''
  // two people at once make equal orders: the neighbour is the next one that truly differs
  const lower = up ? past : still.findLast(({ order }) => order < past)?.order
  const upper = up ? still.find(({ order }) => order > past)?.order : past
  const keys = generateNKeysBetween(lower ?? null, upper ?? null, movers.length)
  return new Map(movers.map(({ id }, n) => [id, keys[n] ?? past]))
}

/** The rank of the card to go past, -1 for none. */
function targetOf(stack: readonly Card[], ids: ReadonlySet<string>, step: OrderStep): number {
  const isMover = ({ id }: Card): boolean => ids.has(id)
  const movers = stack.filter(isMover)
  const lowest = stack.findIndex(isMover)
  const highest = stack.findLastIndex(isMover)
  if (lowest === -1) return -1
  switch (step) {
    case 'front': {
      const top = stack.findLastIndex((card) => !isMover(card))
      return top > lowest ? top : -1
    }
    case 'back': {
      const bottom = stack.findIndex((card) => !isMover(card))
      return bottom < highest ? bottom : -1
    }
    case 'forward':
      return stack.findIndex((card, rank) => rank > lowest && !isMover(card) && overlapsAny(card, movers))
    case 'backward':
      return stack.findLastIndex(
        (card, rank) => rank < highest && !isMover(card) && overlapsAny(card, movers),
      )
  }
}

function overlapsAny(card: Card, others: readonly Card[]): boolean {
  return others.some(
    (other) =>
      card.pos[0] < other.pos[0] + other.size[0] &&
      other.pos[0] < card.pos[0] + card.size[0] &&
      card.pos[1] < other.pos[1] + other.size[1] &&
      other.pos[1] < card.pos[1] + card.size[1],
  )
}

/** A foreign client may have written anything as an order; the library throws on what it cannot extend. */
export function isOrder(order: string): boolean {
  try {
    generateKeyBetween(order, null)
    generateKeyBetween(null, order)
    return true
  } catch {
    return false
  }
}
