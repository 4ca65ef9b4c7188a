import { tokenize } from 'linkifyjs'

/** A piece of a text, with where it leads if it is a link. */
export interface TextPiece {
  /** Where it begins in the text. */
  readonly at: number
  readonly text: string
  readonly href: string | undefined
}

/** Only these may be followed out of a message: never `javascript:` or the like. */
const SAFE = /^(https?|mailto):/i

/** Cuts a text into plain pieces and links; all pieces together are the text. */
export function linkPieces(text: string): readonly TextPiece[] {
  return tokenize(text).map((token) => {
    const href = token.isLink ? token.toHref('https') : undefined
    return {
      at: token.startIndex(),
      text: token.toString(),
      href: href !== undefined && SAFE.test(href) ? href : undefined,
    }
  })
}
