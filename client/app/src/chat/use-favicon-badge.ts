import { useEffect, useRef } from 'react'

/** Marks the tab's icon while something is unread. What draws it is fetched when it is first needed. */
export function useFaviconBadge(badged: boolean): void {
  const drawn = useRef(false)
  useEffect(() => {
    if (!badged && !drawn.current) return
    drawn.current = true
    let current = true
    void import('./favicon-badge.ts').then(({ setFaviconBadge }) => {
      if (current) setFaviconBadge(badged)
    })
    return () => {
      current = false
    }
  }, [badged])
}
