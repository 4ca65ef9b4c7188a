import type { Card } from '@roomful/shared'

/**
 * Cards as one reads a page: rows from the top, each from the left. A card belongs to a row as long as its top stands
 * above the middle of the row's first card. This is the order in which the Tab key visits them.
 */
export function readingOrder(cards: readonly Card[]): readonly Card[] {
  const byTop = [...cards].sort((a, b) => a.pos[1] - b.pos[1] || a.pos[0] - b.pos[0] || compare(a.id, b.id))
  const rows: Card[][] = []
  let middle = -Infinity
  for (const card of byTop) {
    const row = rows.at(-1)
    if (row !== undefined && card.pos[1] < middle) row.push(card)
    else {
      rows.push([card])
      middle = card.pos[1] + card.size[1] / 2
    }
  }
  return rows.flatMap((row) => row.sort((a, b) => a.pos[0] - b.pos[0] || compare(a.id, b.id)))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1
}
