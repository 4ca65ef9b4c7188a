import { useCursors } from '@roomful/react'
import { type ReactElement, type RefObject, useEffect, useState } from 'react'
import { lazyPart, whenIdle } from '../ui/lazy-part.tsx'

/** Nobody else, no cursors: it comes with the first of the others, and otherwise when the page has settled. */
const BoardPeople = lazyPart(async () => (await import('./BoardPeople.tsx')).BoardPeople)

interface CompanyProps {
  readonly element: RefObject<HTMLElement | null>
}

/** Everything people do for each other over the board: cursors, what is said at them, following. */
export function Company({ element }: CompanyProps): ReactElement | null {
  const accompanied = useCursors().length > 0
  const [settled, setSettled] = useState(false)
  useEffect(() => whenIdle(() => setSettled(true)), [])
  if (!accompanied && !settled) return null
  return <BoardPeople element={element} />
}
