import type { ReactNode } from 'react'
import { useKnownNames } from './known-names.ts'
import { mentionPieces } from './mentions.ts'

interface MentionedTextProps {
  readonly text: string
}

/** A text whose mentions of known people stand out. */
export function MentionedText({ text }: MentionedTextProps): ReactNode {
  return text.includes('@') ? <Marked text={text} /> : text
}

/** Apart, so that texts without an `@` do not follow who comes and goes. */
function Marked({ text }: MentionedTextProps): ReactNode {
  const { names, own } = useKnownNames()
  return mentionPieces(text, names).map(({ at, text: piece, name }) =>
    name === undefined ? (
      piece
    ) : (
      <mark key={at} data-self={name === own ? '' : undefined}>
        {piece}
      </mark>
    ),
  )
}
