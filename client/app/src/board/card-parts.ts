import type { Card } from '@roomful/shared'
import type { ComponentType } from 'react'
import type { BoardController } from './board-state.ts'

export interface CardPartProps {
  readonly card: Card
}

export interface OverlayProps {
  readonly board: BoardController
  /** The board's own element: gestures and keys listen on it. */
  readonly element: HTMLElement
}

/** What the board needs beyond its first paint, fetched as one: gestures, keys, and the parts of a card in hand. */
export interface CardParts {
  readonly Overlay: ComponentType<OverlayProps>
  readonly CardInput: ComponentType<CardPartProps>
  readonly CardCarets: ComponentType<CardPartProps>
  readonly CardHandles: ComponentType
}
