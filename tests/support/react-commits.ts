import type { RoomPage } from './room-page.ts'
import { idleFor, waitFor } from './wait.ts'

/**
 * Counts every commit of React in a page, from its next load on: the hook that React's own developer tools use is there
 * in production builds too. Reloads the page.
 *
 * @example
 * await countCommits(person)
 * const before = await commitsOf(person)
 */
export async function countCommits(person: RoomPage): Promise<void> {
  await person.page.addInitScript(() => {
    const counter = { commits: 0 }
    Object.assign(globalThis, {
      reactCommits: counter,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        inject: () => 1,
        onCommitFiberRoot: () => counter.commits++,
        onCommitFiberUnmount: () => undefined,
      },
    })
  })
  await person.page.reload()
  await person.settled()
}

/** Commits since the page was loaded. */
export async function commitsOf(person: RoomPage): Promise<number> {
  const commits: unknown = await person.page.evaluate(() =>
    Reflect.get(Reflect.get(globalThis, 'reactCommits') as object, 'commits'),
  )
  if (typeof commits !== 'number') throw new Error('countCommits was not called')
  return commits
}

/** Commits since the page was loaded, once it has rendered nothing for a while: what arrives late at a start is there. */
export async function settledCommits(person: RoomPage): Promise<number> {
  let last = -1
  await waitFor('the page to render no more', async () => {
    const now = await commitsOf(person)
    const isStill = now === last
    last = now
    if (!isStill) await idleFor(600)
    return isStill
  })
  return last
}
