import { deviceClock } from '@roomful/provider'
import { Announcements } from './announcements.ts'

let text = ''
const listeners = new Set<() => void>()

/** What the page's live region says and will say. */
export const announcements = new Announcements({
  clock: deviceClock,
  say(line) {
    text = line
    for (const listener of listeners) listener()
  },
})

/** The live region's text, for the one component that shows it. */
export const announced = {
  read: (): string => text,
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
} as const

/**
 * Says something through the page's one polite live region, for people who do not see it happen. Further live regions would
 * talk over each other.
 *
 * @param topic of several lines about one topic that wait, only the last is said.
 * @example announce('Card moved to the left')
 */
export function announce(line: string, topic: string = 'page'): void {
  announcements.line(line, topic)
}
