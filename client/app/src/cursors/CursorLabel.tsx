import type { CursorOwner } from '@roomful/react'
import { type ReactElement, useLayoutEffect } from 'react'
import { Name } from '../ui/Name.tsx'
import { useMessage } from './use-message.ts'

interface CursorLabelProps {
  readonly owner: CursorOwner
  /** Called when the label has another size. */
  readonly onResize: () => void
}

/** Whose cursor it is and, below the name, what they are saying. */
export function CursorLabel({ owner, onResize }: CursorLabelProps): ReactElement {
  const { clientId, user } = owner
  const { text, isOver } = useMessage(clientId)
  useLayoutEffect(onResize, [onResize, text, user.name])
  return (
    <span
      className="cursor-label"
      style={{ '--person': user.color }}
      data-saying={text === '' ? undefined : isOver ? 'over' : 'now'}
    >
      <Name name={user.name} />
      {text !== '' && <bdi className="cursor-message">{text}</bdi>}
    </span>
  )
}
