import { memo, type ReactElement } from 'react'
import { inlineMarks, type MarkedPiece } from './inline-marks.ts'

interface CardTextProps {
  readonly text: string
}

/** A card's text for reading: the first line is its title when more follows; `*slanted*` and `` `code` `` look so. */
export const CardText = memo(function CardText({ text }: CardTextProps): ReactElement {
  const cut = text.indexOf('\n')
  if (cut === -1)
    return (
      <div className="card-text" dir="auto">
        {text === '' ? <span className="empty">Empty card</span> : inlineMarks(text).map(renderPiece)}
      </div>
    )
  return (
    <div className="card-text" dir="auto">
      <span className="title">{inlineMarks(text.slice(0, cut)).map(renderPiece)}</span>
      <span className="body">{inlineMarks(text.slice(cut + 1), cut + 1).map(renderPiece)}</span>
    </div>
  )
})

/** Each piece says where it stands in the text: carets are measured by it. */
function renderPiece({ kind, text, at }: MarkedPiece): ReactElement {
  switch (kind) {
    case 'plain':
      return (
        <span key={at} data-at={at}>
          {text}
        </span>
      )
    case 'em':
      return (
        <em key={at} data-at={at}>
          {text}
        </em>
      )
    case 'code':
      return (
        <code key={at} data-at={at}>
          {text}
        </code>
      )
  }
}
