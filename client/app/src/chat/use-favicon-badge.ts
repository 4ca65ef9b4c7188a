import { useEffect, useRef } from 'react'
import { withPart } from '../ui/fetch-part.ts'

/** Marks the tab's icon while something is unread. What draws it is fetched when it is first needed. */
export function useFaviconBadge(badged: boolean): void {
  const drawn = useRef(false)
  useEffect(() => {
    if (!badged && !drawn.current) return
    drawn.current = true
    let current = true
    withPart(
      () => import('./favicon-badge.ts'),
      ({ setFaviconBadge }) => {
        if (current) setFaviconBadge(badged)
      },
    )
    return () => {
      current = false
    }
  }, [badged])
}
