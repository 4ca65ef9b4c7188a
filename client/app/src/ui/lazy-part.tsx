import { type ComponentType, type ReactNode, useSyncExternalStore } from 'react'
import { fetchPart } from './fetch-part.ts'

type Part<P> =
  | { readonly is: 'wanted' }
  | { readonly is: 'there'; readonly View: ComponentType<P> }
  | { readonly is: 'gone'; readonly why: unknown }

const fetches = new Set<() => Promise<void>>()

/**
 * A part of the page that is not needed for the first paint. It is fetched when it is first shown, and at the latest when
 * the page has settled ({@link loadParts}), so that it is there when the network is not. Until then `waiting` is shown; a
 * part that will never come throws where it is drawn, so that the page can say why.
 *
 * Not `lazy` and `<Suspense>`: a part that was fetched is drawn at once, and Preact's leave what was waiting behind when it
 * changes at the wrong moment (decision 0084).
 *
 * @example const CardBar = lazyPart(async () => (await import('./CardBar.tsx')).CardBar)
 */
export function lazyPart<P extends object>(
  load: () => Promise<ComponentType<P>>,
  waiting: (props: P) => ReactNode = () => null,
): ComponentType<P> {
  let part: Part<P> = { is: 'wanted' }
  let fetching: Promise<void> | undefined
  const shown = new Set<() => void>()
  const become = (next: Part<P>): void => {
    part = next
    for (const redraw of shown) redraw()
  }
  const fetch = (): Promise<void> =>
    (fetching ??= fetchPart(load).then(
      (View) => become({ is: 'there', View }),
      (why: unknown) => become({ is: 'gone', why }),
    ))
  fetches.add(fetch)
  const subscribe = (redraw: () => void): (() => void) => {
    void fetch()
    shown.add(redraw)
    return () => shown.delete(redraw)
  }
  return function LazyPart(props) {
    const now = useSyncExternalStore(subscribe, () => part)
    switch (now.is) {
      case 'wanted':
        return waiting(props)
      case 'there':
        return <now.View {...props} />
      case 'gone':
        throw now.why
    }
  }
}

/**
 * A part without which nothing is drawn. One that does not come throws when it is drawn.
 *
 * @example const Room = await firstPart(async () => (await import('./Room.tsx')).Room)
 */
export async function firstPart<P>(load: () => Promise<ComponentType<P>>): Promise<ComponentType<P>> {
  try {
    return await fetchPart(load)
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** Fetches every part in the background, however long the server is away; from then on the page needs no network but the room's. */
export async function loadParts(): Promise<void> {
  // one that will never come is for who needs it to say
  for (const fetch of fetches) await fetch()
}

/** Calls back when the browser has nothing better to do, or after two seconds. */
export function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 2_000 })
  else setTimeout(run, 2_000)
}
