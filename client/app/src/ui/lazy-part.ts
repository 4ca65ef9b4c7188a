import { type ComponentType, lazy, type LazyExoticComponent } from 'react'
import { fetchPart } from './fetch-part.ts'

const loaders = new Set<() => Promise<unknown>>()

/**
 * A part of the page that is not needed for the first paint. It is fetched when it is first shown, and at the latest when
 * the page has settled ({@link loadParts}), so that it is there when the network is not.
 *
 * @example const CardBar = lazyPart(async () => (await import('./CardBar.tsx')).CardBar)
 */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  loaders.add(load)
  return lazy(async () => ({ default: await fetchPart(load) }))
}

/** Fetches every part in the background, however long the server is away; from then on the page needs no network but the room's. */
export async function loadParts(): Promise<void> {
  for (const load of loaders) {
    try {
      await fetchPart(load)
    } catch {
      // a newer build took its place; who needs it is told to reload
    }
  }
}

/** Calls back when the browser has nothing better to do, or after two seconds. */
export function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 2_000 })
  else setTimeout(run, 2_000)
}
