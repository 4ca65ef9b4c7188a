import type { Card } from '@roomful/shared'

/** Puts a card's element at its place and gives it its size, in board units. */
export function placeCard(element: HTMLElement, { pos, size }: Pick<Card, 'pos' | 'size'>): void {
  const { style } = element
  style.transform = `translate(${pos[0]}px, ${pos[1]}px)`
  style.setProperty('--width', `${size[0]}px`)
  style.setProperty('--height', `${size[1]}px`)
}
