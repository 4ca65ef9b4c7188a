/** How a stretch of text looks. */
export type MarkKind = 'plain' | 'em' | 'code'

/** A stretch of a card's text as it is shown; `at` is where it begins in the whole text. */
export interface MarkedPiece {
  readonly kind: MarkKind
  readonly text: string
  readonly at: number
}

/** `*slanted*` and `` `code` ``: within one line, with no blank just inside the marks. */
const MARK = /\*([^\s*](?:[^*\n]*[^\s*])?)\*|`([^`\n]+)`/g

/**
 * Cuts a text into what is shown of it: the marks themselves are left out, everything else is kept.
 *
 * @param from where `text` begins in the whole text
 * @example inlineMarks('it *is*') // plain 'it ' at 0, em 'is' at 4
 */
export function inlineMarks(text: string, from: number = 0): readonly MarkedPiece[] {
  const pieces: MarkedPiece[] = []
  let done = 0
  for (const match of text.matchAll(MARK)) {
    const { index } = match
    if (index > done) pieces.push({ kind: 'plain', text: text.slice(done, index), at: from + done })
    const [, slanted, code] = match
    pieces.push({
      kind: slanted === undefined ? 'code' : 'em',
      text: slanted ?? code ?? '',
      at: from + index + 1,
    })
    done = index + match[0].length
  }
  if (done < text.length) pieces.push({ kind: 'plain', text: text.slice(done), at: from + done })
  return pieces
}
