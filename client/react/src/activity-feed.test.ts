import { type ConnectionDetail, presenceOf, type PresenceStore } from '@roomful/provider'
import { createUser } from '@roomful/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { feedActivity } from './activity-feed.ts'
import { ActivityLog, LEAVE_HOLD_MS, RETURN_HOLD_MS, SEED_ANSWERED_MS } from './activity-log.ts'
import type { Link } from './link.ts'

/** A connection that stands as it is told. */
class TestLink implements Link {
  detail: ConnectionDetail = { state: 'connecting' }
  sync = { pending: 0, localCopy: 'off' } as const
  isSynced = false
  isAnswered = false
  readonly #listeners = new Set<() => void>()

  get listeners(): number {
    return this.#listeners.size
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(isSynced: boolean, isAnswered = isSynced): void {
    this.isSynced = isSynced
    this.isAnswered = isAnswered
    for (const listener of this.#listeners) listener()
  }
}

const clock = new ManualClientClock()
let mine: Awareness
let presence: PresenceStore
let link: TestLink
let log: ActivityLog
let stop: () => void
const elsewhere: Awareness[] = []

/** Somebody in a tab of their own. */
function createTab(id: string, name: string): Awareness {
  const awareness = new Awareness(new Y.Doc())
  elsewhere.push(awareness)
  awareness.setLocalState({ user: createUser(id, name, '#1c75d6') })
  return awareness
}

/** What a tab says arrives here. */
function hear(tab: Awareness): void {
  applyAwarenessUpdate(mine, encodeAwarenessUpdate(tab, [tab.clientID]), 'server')
}

function close(tab: Awareness): void {
  tab.setLocalState(null)
  hear(tab)
}

/** As a provider does when its socket drops: everybody else is forgotten. */
function drop(): void {
  presence.hold()
  link.set(false)
  const others = [...mine.states.keys()].filter((id) => id !== mine.clientID)
  for (const id of others) {
    mine.states.delete(id)
    mine.meta.delete(id)
  }
  mine.emit('change', [{ added: [], updated: [], removed: others }, 'drop'])
}

function arrive(): void {
  link.set(true)
  clock.advance(SEED_ANSWERED_MS)
}

const lines = (): string[] => log.entries.map(({ kind, user }) => `${user.name} ${kind}`)

beforeEach(() => {
  mine = new Awareness(new Y.Doc())
  presence = presenceOf({ awareness: mine }, { clock, user: createUser('me', 'Me', '#ca4459') })
  link = new TestLink()
  log = new ActivityLog({ clock, serverNow: () => clock.now() })
  stop = feedActivity(log, { awareness: mine, presence, link })
})
afterEach(() => {
  stop()
  for (const awareness of [mine, ...elsewhere.splice(0)]) awareness.destroy()
})

describe('activity of a room', () => {
  test('[U58] a person’s first connection joins and their last one leaves', () => {
    const [ada, adaToo] = [createTab('ada', 'Ada'), createTab('ada', 'Ada')]
    arrive()
    hear(ada)
    hear(adaToo)
    close(ada)
    clock.advance(LEAVE_HOLD_MS)
    expect(lines()).toEqual(['Ada joined'])
    close(adaToo)
    clock.advance(LEAVE_HOLD_MS)
    expect(lines()).toEqual(['Ada joined', 'Ada left'])
  })

  test('one’s own second tab is nobody', () => {
    arrive()
    const second = createTab('me', 'Me')
    hear(second)
    close(second)
    clock.advance(LEAVE_HOLD_MS)
    expect(lines()).toEqual([])
  })

  test('[U16] a reload, which is another connection of the same person, adds nothing', () => {
    const before = createTab('ada', 'Ada')
    hear(before)
    arrive()
    close(before)
    clock.advance(1_500)
    hear(createTab('ada', 'Ada'))
    clock.advance(60_000)
    expect(lines()).toEqual([])
  })

  test('[U27] a short drop of one’s own, everybody back as they were, adds nothing', () => {
    const ada = createTab('ada', 'Ada')
    hear(ada)
    arrive()
    drop()
    clock.advance(500)
    arrive()
    // the presence store still shows her from before: it has no news to tell
    hear(ada)
    clock.advance(60_000)
    expect(lines()).toEqual([])
  })

  test('[U25] after a long absence those who are here did not join, those who are not have left', () => {
    const [ada, bob] = [createTab('ada', 'Ada'), createTab('bob', 'Bob')]
    hear(ada)
    arrive()
    drop()
    clock.advance(600_000)
    expect(presence.others).toEqual([])
    hear(bob)
    arrive()
    clock.advance(RETURN_HOLD_MS)
    expect(lines()).toEqual(['Ada left'])
    close(bob)
    clock.advance(LEAVE_HOLD_MS)
    expect(lines()).toEqual(['Ada left', 'Bob left'])
  })

  test('pointer moves are not looked at', () => {
    const ada = createTab('ada', 'Ada')
    hear(ada)
    arrive()
    let reads = 0
    mine.getStates = () => {
      reads++
      return mine.states
    }
    const move = (): void => {
      for (let step = 0; step < 100; step++) {
        ada.setLocalStateField('pointer', { x: step / 100, y: 0 })
        hear(ada)
      }
    }
    move()
    const withLog = reads
    stop()
    move()
    // the presence store reads every change, the log adds nothing to it
    expect(withLog).toBe(reads - withLog)
  })

  test('stopped, it listens to nothing and leaves no timer', () => {
    const ada = createTab('ada', 'Ada')
    hear(ada)
    arrive()
    close(ada)
    stop()
    expect([clock.waiting, link.listeners]).toEqual([0, 0])
  })
})
