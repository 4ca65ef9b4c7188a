import { LOCAL_ORIGIN } from '@roomful/provider'
import { useAnyRoom, useCardText, useUndo } from '@roomful/react'
import { type KeyboardEvent, type ReactElement, useEffect, useLayoutEffect, useRef } from 'react'
import { useBoard } from './board-context.ts'
import type { CardPartProps } from './card-parts.ts'
import { limitSize } from './card-size.ts'
import { shareCaret } from './own-caret.ts'
import { bindText } from './text-binding.ts'

/** A card's text for writing, shared letter by letter; the card grows with what is typed. */
export function CardInput({ card }: CardPartProps): ReactElement {
  const board = useBoard()
  const room = useAnyRoom()
  const text = useCardText(card)
  const { undo, redo } = useUndo()
  const field = useRef<HTMLTextAreaElement>(null)
  const { id, text: shared } = card

  // before paint: what is typed right after the card was opened must find the field focused
  useLayoutEffect(() => {
    const node = field.current
    if (node === null) return
    const unbind = bindText(node, shared, LOCAL_ORIGIN)
    node.focus({ preventScroll: true })
    node.setSelectionRange(node.value.length, node.value.length)
    const grow = (): void => {
      const size = board.cards.get(id)?.size
      if (size === undefined || node.scrollHeight <= size[1]) return
      const { width, height } = limitSize({ width: size[0], height: node.scrollHeight })
      if (height > size[1]) board.cards.resize(id, [width, height])
    }
    node.addEventListener('input', grow)
    return () => {
      node.removeEventListener('input', grow)
      unbind()
    }
  }, [board, id, shared])

  useEffect(
    () => (field.current === null ? undefined : shareCaret(room, field.current, id, shared)),
    [room, id, shared],
  )

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const key = event.key.toLowerCase()
    if (key === 'escape') {
      event.preventDefault()
      event.stopPropagation()
      board.stopEditing()
      board.elements.focus(id)
    } else if ((event.ctrlKey || event.metaKey) && (key === 'z' || key === 'y')) {
      // the browser's own history knows nothing of what others typed meanwhile
      event.preventDefault()
      if (key === 'y' || event.shiftKey) redo()
      else undo()
    }
  }

  return (
    <div className="card-edit">
      <div className="card-text measure" dir="auto" aria-hidden>
        <span data-at={0}>{text}</span>
        {'\u200b'}
      </div>
      <textarea
        ref={field}
        className="card-input"
        aria-label="Card text"
        placeholder="Write something"
        dir="auto"
        spellCheck
        onKeyDown={onKeyDown}
        onBlur={() => {
          // the window losing the focus ends nothing: the field has it again with the window
          if (board.state.editing === id && document.activeElement !== field.current) board.stopEditing()
        }}
      />
    </div>
  )
}
