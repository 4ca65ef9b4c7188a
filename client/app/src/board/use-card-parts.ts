import { useEffect, useState } from 'react'
import { withPart } from '../ui/fetch-part.ts'
import type { CardParts } from './card-parts.ts'

let loaded: CardParts | undefined

/** What the board needs beyond its first paint; `undefined` until it has been fetched, which begins at once. */
export function useCardParts(): CardParts | undefined {
  const [parts, setParts] = useState(loaded)
  useEffect(() => {
    if (parts !== undefined) return undefined
    let isHere = true
    withPart(
      () => import('./board-parts.ts'),
      ({ BOARD_PARTS }) => {
        loaded = BOARD_PARTS
        if (isHere) setParts(BOARD_PARTS)
      },
    )
    return () => {
      isHere = false
    }
  }, [parts])
  return parts
}
