import { createUser } from '@roomful/shared'
import { Director } from './director.mjs'
import { Pace } from './pace.mjs'
import { seededRandom } from './random.mjs'
import { CAST } from './story.mjs'
import { Visitor } from './visitor.mjs'

/** So many can take part. */
export const MAX_PEOPLE = CAST.length

/**
 * Sends people into a room.
 *
 * @param {{ serverUrl: string, room: string, people: number, speed: number, seed: number }} options `serverUrl`:
 *   `ws://host:port/ws`; `speed`: 1 is a person's
 * @returns {{ leave(): Promise<void> }} `leave`: they go, cleanly
 */
export function inviteVisitors({ serverUrl, room, people, speed, seed }) {
  const pace = new Pace(speed)
  const visitors = CAST.slice(0, people).map(({ name, color }, index) => {
    const user = createUser(`demo-${seed}-${index}`, name, color)
    return new Visitor({ serverUrl, room, user, pace, random: seededRandom(seed * 31 + index) })
  })
  const running = new Director(visitors, pace, seededRandom(seed)).run()
  return {
    async leave() {
      pace.end()
      await running
      for (const visitor of visitors) visitor.leave()
    },
  }
}
