import type { RoomPage } from './room-page.ts'
import { idleFor, waitFor } from './wait.ts'

/** What Preact hands to its developer tools; `__c` is called at each commit (`_commit` in its source). */
interface PreactOptions {
  __c?: (...commit: unknown[]) => void
}

/**
 * Counts every commit of Preact, which the app is built with (decision 0084), in a page, from its next load on: by the
 * hook of Preact's own developer tools, which is there in production builds too. Reloads the page.
 *
 * @example
 * await countCommits(person)
 * const before = await commitsOf(person)
 */
export async function countCommits(person: RoomPage): Promise<void> {
  await person.page.addInitScript(() => {
    Object.assign(globalThis, {
      __PREACT_DEVTOOLS__: {
        attachPreact(_version: string, options: PreactOptions) {
          const counter = { commits: 0 }
          const others = options.__c
          options.__c = (...commit) => {
            counter.commits++
            others?.(...commit)
          }
          Object.assign(globalThis, { preactCommits: counter })
        },
      },
    })
  })
  await person.page.reload()
  await person.settled()
  if ((await commitsOf(person)) === 0)
    throw new Error('a page that was drawn without a commit: nothing is counted')
}

/** Commits since the page was loaded. */
export async function commitsOf(person: RoomPage): Promise<number> {
  const commits: unknown = await person.page.evaluate(() =>
    Reflect.get(Object(Reflect.get(globalThis, 'preactCommits')), 'commits'),
  )
  if (typeof commits !== 'number')
    throw new Error('countCommits was not called, or the app does not import preact/devtools')
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
