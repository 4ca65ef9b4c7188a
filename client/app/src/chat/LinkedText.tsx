import type { ReactElement } from 'react'
import { linkPieces } from './link-pieces.ts'

interface LinkedTextProps {
  readonly text: string
}

/** A text whose links can be followed, in a tab of their own. */
export function LinkedText({ text }: LinkedTextProps): ReactElement {
  return (
    <>
      {linkPieces(text).map(({ at, text: piece, href }) =>
        href === undefined ? (
          piece
        ) : (
          <a key={at} href={href} target="_blank" rel="noopener nofollow">
            {piece}
          </a>
        ),
      )}
    </>
  )
}
