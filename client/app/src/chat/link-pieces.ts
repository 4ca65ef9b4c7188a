import { tokenize } from 'linkifyjs'
import type { TextPiece } from './MessageText.tsx'

/** Only these may be followed out of a message: never `javascript:` or the like. */
const SAFE = /^(https?|mailto):/i

/** Cuts a text into plain pieces and links; all pieces together are the text. */
export function linkPieces(text: string): readonly TextPiece[] {
  return tokenize(text).map((token) => {
    const piece = token.toString()
    if (!token.isLink) return piece
    const href = token.toHref('https')
    return SAFE.test(href) ? { text: piece, href } : piece
  })
}
