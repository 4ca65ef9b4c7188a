import '../styles/card-parts.css'
import { BoardOverlay } from './BoardOverlay.tsx'
import { CardCarets } from './CardCarets.tsx'
import { CardHandles } from './CardHandles.tsx'
import { CardInput } from './CardInput.tsx'
import type { CardParts } from './card-parts.ts'

/** One chunk: a board that shows its cards can be used as soon as this is here. */
export const BOARD_PARTS: CardParts = { Overlay: BoardOverlay, CardInput, CardCarets, CardHandles }
