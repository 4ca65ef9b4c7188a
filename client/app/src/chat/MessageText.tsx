import { memo, type ReactElement, type ReactNode, use } from 'react'

/** A piece of a message: text, or a link. */
export type TextPiece = string | { readonly text: string; readonly href: string }

interface MessageTextProps {
  readonly text: string
}

/** What a link could start with or have in it; anything else needs no parser. */
const MAYBE_LINK = /[./:]\S/
let linkParser: Promise<(text: string) => readonly TextPiece[]> | undefined

/** A message's text with its links. The link parser is fetched with the first message that may have one. */
export const MessageText = memo(function MessageText({ text }: MessageTextProps): ReactNode {
  return MAYBE_LINK.test(text) ? <LinkedText text={text} /> : text
})

/** Suspends until the parser is there; show the plain text meanwhile. */
function LinkedText({ text }: MessageTextProps): ReactElement {
  linkParser ??= import('./link-pieces.ts').then((module) => module.linkPieces)
  const pieces = use(linkParser)(text)
  let at = 0
  return (
    <>
      {pieces.map((piece) => {
        const key = at
        at += typeof piece === 'string' ? piece.length : piece.text.length
        if (typeof piece === 'string') return piece
        return (
          <a key={key} href={piece.href} target="_blank" rel="noopener nofollow">
            {piece.text}
          </a>
        )
      })}
    </>
  )
}
