/** What the page tells of its network and visibility. */
export interface PageEvents {
  /** The network is back, the tab is seen again, or the page came out of the back-forward cache. */
  readonly onReturn: () => void
  /** The network went away; an open socket may say so much later, or never. */
  readonly onOffline: () => void
  /** The tab is hidden: the last moment something may be written. */
  readonly onHidden: () => void
  /** The page goes: closed, left or loaded anew. It may be back out of the back-forward cache. */
  readonly onLeaving: () => void
  /** Whether closing the tab now would lose something: then people are asked. */
  readonly isAtRisk: (() => boolean) | undefined
}

/** Listens to the page; does nothing where there is none. Returns how to stop. */
export function onPageEvents(events: PageEvents): () => void {
  const { onReturn, onOffline, onHidden, onLeaving, isAtRisk } = events
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {}
  const ends: (() => void)[] = []
  const on = (target: EventTarget, name: string, run: (event: Event) => void): void => {
    target.addEventListener(name, run)
    ends.push(() => target.removeEventListener(name, run))
  }
  on(window, 'online', onReturn)
  on(window, 'offline', onOffline)
  on(window, 'pageshow', onReturn)
  on(window, 'pagehide', onHidden)
  on(window, 'pagehide', onLeaving)
  on(document, 'visibilitychange', () => (document.visibilityState === 'visible' ? onReturn() : onHidden()))
  if (isAtRisk !== undefined) on(window, 'beforeunload', (event) => isAtRisk() && event.preventDefault())
  return () => {
    for (const end of ends) end()
  }
}
