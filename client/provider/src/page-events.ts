/** What the page tells of its network and visibility. */
export interface PageEvents {
  /** The network is back, the tab is seen again, or the page came out of the back-forward cache. */
  readonly onReturn: () => void
  /** The tab is hidden: the last moment something may be written. */
  readonly onHidden: () => void
}

/** Listens to the page; does nothing where there is none. Returns how to stop. */
export function onPageEvents({ onReturn, onHidden }: PageEvents): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {}
  const onVisibility = (): void => {
    if (document.visibilityState === 'visible') onReturn()
    else onHidden()
  }
  window.addEventListener('online', onReturn)
  window.addEventListener('pageshow', onReturn)
  window.addEventListener('pagehide', onHidden)
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    window.removeEventListener('online', onReturn)
    window.removeEventListener('pageshow', onReturn)
    window.removeEventListener('pagehide', onHidden)
    document.removeEventListener('visibilitychange', onVisibility)
  }
}
