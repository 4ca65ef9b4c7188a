import type { Card } from '@roomful/shared'
import { LOCAL_ORIGIN } from '@roomful/provider'
import { useCardText, useUndo } from '@roomful/react'
import { type KeyboardEvent, type ReactElement, useEffect, useRef } from 'react'
import { bindText } from './text-binding.ts'

interface CardTextProps {
  readonly card: Card
}

/** A card's text for reading: the first line is its title when more follows. */
export function CardText({ card }: CardTextProps): ReactElement {
  const text = useCardText(card)
  const cut = text.indexOf('\n')
  return (
    <div className="card-text" dir="auto">
      {text === '' && <span className="empty">Empty card</span>}
      {cut === -1 ? text : <span className="title">{text.slice(0, cut)}</span>}
      {cut !== -1 && <span className="body">{text.slice(cut + 1)}</span>}
    </div>
  )
}

interface CardInputProps extends CardTextProps {
  /** The writing ends: `stay` keeps the card selected and focused. */
  readonly onDone: (stay: boolean) => void
}

/** A card's text for writing, shared letter by letter. */
export function CardInput({ card, onDone }: CardInputProps): ReactElement {
  const text = useCardText(card)
  const { undo, redo } = useUndo()
  const field = useRef<HTMLTextAreaElement>(null)

  useEffect(() => {
    const node = field.current
    if (node === null) return
    const unbind = bindText(node, card.text, LOCAL_ORIGIN)
    node.focus({ preventScroll: true })
    node.setSelectionRange(node.value.length, node.value.length)
    return unbind
  }, [card.text])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const key = event.key.toLowerCase()
    if (key === 'escape') {
      event.stopPropagation()
      onDone(true)
    } else if ((event.ctrlKey || event.metaKey) && (key === 'z' || key === 'y')) {
      // the browser's own history knows nothing of what others typed meanwhile
      event.preventDefault()
      if (key === 'y' || event.shiftKey) redo()
      else undo()
    }
  }

  return (
    <div className="card-edit">
      <div className="card-text measure" aria-hidden>
        {`${text}\u200b`}
      </div>
      <textarea
        ref={field}
        className="card-input"
        aria-label="Card text"
        placeholder="Write something"
        dir="auto"
        spellCheck
        onKeyDown={onKeyDown}
        onBlur={() => onDone(false)}
      />
    </div>
  )
}
