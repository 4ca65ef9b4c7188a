import type { ClientClock } from '@roomful/provider'
import type { ActivityEntry } from '@roomful/react'
import { presenceLine } from './presence-line.ts'

/** Who comes within this is named together. */
export const GATHER_MS = 700
/** Comings and goings are said at most so often … */
export const PRESENCE_GAP_MS = 5_000
/** … and while they go on, ever more seldom, down to this. */
export const BUSY_GAP_MS = 20_000
/** What was said stays so long before anything replaces it: a screen reader has taken it by then. */
export const READING_MS = 1_500

/** What {@link Announcements} is built on. */
export interface AnnouncementsOptions {
  readonly clock: ClientClock
  /** Puts a text into the page's live region. */
  readonly say: (text: string) => void
}

/** Somebody came or went. */
export type PresenceNews = Pick<ActivityEntry, 'kind' | 'user'>

/**
 * Decides what a screen reader is told, and when: single lines as soon as the last words are read, people coming and going
 * in batches. Who has come and gone in between is not mentioned.
 *
 * @example
 * const announcements = new Announcements({ clock: deviceClock, say: setText })
 * announcements.presence({ kind: 'joined', user })
 * announcements.line('Connected again', 'connection')
 */
export class Announcements {
  readonly #clock: ClientClock
  readonly #say: (text: string) => void
  readonly #people = new Map<string, PresenceNews>()
  /** What waits to be said, by what it is about. */
  readonly #lines = new Map<string, string>()
  /** When the first of those who wait came. */
  #since = 0
  #saidAt = -Infinity
  #presenceAt = -Infinity
  #gapMs = PRESENCE_GAP_MS
  #stopTimer: () => void = () => {}

  constructor({ clock, say }: AnnouncementsOptions) {
    this.#clock = clock
    this.#say = say
  }

  presence(news: PresenceNews): void {
    const { id } = news.user
    if (this.#people.size === 0) this.#since = this.#clock.now()
    if (this.#people.has(id) && this.#people.get(id)?.kind !== news.kind) this.#people.delete(id)
    else this.#people.set(id, news)
    this.#schedule()
  }

  /** Says a line soon; of several about one `topic` that wait, only the last. */
  line(line: string, topic: string): void {
    this.#lines.set(topic, line)
    this.#schedule()
  }

  /** Drops what waits: another room, another page. Idempotent. */
  clear(): void {
    this.#stopTimer()
    this.#people.clear()
    this.#lines.clear()
  }

  #schedule(): void {
    this.#stopTimer()
    const dueAt = this.#dueAt()
    if (dueAt === undefined) return
    this.#stopTimer = this.#clock.after(Math.max(0, dueAt - this.#clock.now()), () => this.#speak())
  }

  #dueAt(): number | undefined {
    const readAt = this.#saidAt + READING_MS
    if (this.#lines.size > 0) return readAt
    if (this.#people.size === 0) return undefined
    return Math.max(this.#since + GATHER_MS, this.#presenceAt + this.#gapMs, readAt)
  }

  #speak(): void {
    this.#saidAt = this.#clock.now()
    if (this.#lines.size > 0) {
      this.#say([...this.#lines.values()].join('. '))
      this.#lines.clear()
    } else this.#sayPresence()
    this.#schedule()
  }

  #sayPresence(): void {
    const names = (kind: PresenceNews['kind']): string[] =>
      [...this.#people.values()].filter((news) => news.kind === kind).map((news) => news.user.name)
    this.#say(presenceLine(names('joined'), names('left')))
    this.#people.clear()
    const isBusy = this.#saidAt - this.#presenceAt < 2 * this.#gapMs
    this.#gapMs = isBusy ? Math.min(2 * this.#gapMs, BUSY_GAP_MS) : PRESENCE_GAP_MS
    this.#presenceAt = this.#saidAt
  }
}
