import { presenceOf, type PresenceStore } from '@roomful/provider'
import { createUser } from '@roomful/shared'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  applyAwarenessUpdate,
  Awareness,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import * as Y from 'yjs'
import { FOLLOW_GRACE_MS, followOf, FollowStore } from './follow-store.ts'

const ada = createUser('ada', 'Ada', '#ca4459')
const ben = createUser('ben', 'Ben', '#00855f')
const cleo = createUser('cleo', 'Cleo', '#1c75d6')

let awareness: Awareness
let presence: PresenceStore
let follow: FollowStore
let ends: string[]
const others: Awareness[] = []

beforeEach(() => {
  vi.useFakeTimers()
  awareness = new Awareness(new Y.Doc())
  presence = presenceOf({ awareness }, { user: ada })
  follow = new FollowStore(presence)
  ends = []
  follow.onEnd((userId, why) => ends.push(`${userId} ${why}`))
})

afterEach(() => {
  follow.stop()
  for (const each of [awareness, ...others.splice(0)]) each.destroy()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** Somebody else; returns how they say something and how they leave. */
function join(state: Record<string, unknown>) {
  const other = new Awareness(new Y.Doc())
  others.push(other)
  const say = (fields: Record<string, unknown>): void => {
    other.setLocalState({ ...other.getLocalState(), ...fields })
    applyAwarenessUpdate(awareness, encodeAwarenessUpdate(other, [other.clientID]), 'remote')
  }
  say(state)
  return { say, leave: () => removeAwarenessStates(awareness, [other.clientID], 'remote') }
}

describe('[U14] following', () => {
  test('is told to the others, and so is its end', () => {
    join({ user: ben })
    follow.follow('ben')
    expect([follow.followed, presence.self?.following]).toEqual(['ben', 'ben'])
    follow.toggle('ben')
    expect([follow.followed, presence.self?.following]).toEqual([undefined, null])
  })

  test('goes over from one person to another', () => {
    join({ user: ben })
    join({ user: cleo })
    const heard = vi.fn()
    follow.subscribe(heard)
    follow.follow('ben')
    follow.follow('ben')
    follow.follow('cleo')
    expect(follow.followed).toBe('cleo')
    expect(heard).toHaveBeenCalledTimes(2)
    expect(ends).toEqual([])
  })

  test('outlasts a reload of the other, and ends when they have left', () => {
    const other = join({ user: ben })
    follow.follow('ben')
    other.leave()
    vi.advanceTimersByTime(FOLLOW_GRACE_MS - 1)
    join({ user: ben }).say({ typing: true })
    vi.advanceTimersByTime(FOLLOW_GRACE_MS)
    expect(follow.followed).toBe('ben')
    for (const again of others) removeAwarenessStates(awareness, [again.clientID], 'remote')
    vi.advanceTimersByTime(FOLLOW_GRACE_MS)
    expect(follow.followed).toBeUndefined()
    expect(ends).toEqual(['ben left'])
  })

  test('ends when the person followed follows us, so that nobody goes round in circles', () => {
    const other = join({ user: ben })
    follow.follow('ben')
    other.say({ following: 'ada' })
    expect(follow.followed).toBeUndefined()
    expect(ends).toEqual(['ben follows-you'])
  })

  test('of somebody who follows us already is theirs to end; until then no view is copied', () => {
    const other = join({ user: ben, following: 'ada' })
    follow.follow('ben')
    other.say({ typing: true })
    expect([follow.followed, follow.isLoop]).toEqual(['ben', true])
    other.say({ following: null })
    expect([follow.followed, follow.isLoop]).toEqual(['ben', false])
    // a circle that closes later counts again
    other.say({ following: 'ada' })
    expect(follow.followed).toBeUndefined()
  })

  test('sees circles of three, and is not caught by those of others', () => {
    const first = join({ user: ben, following: 'cleo' })
    const second = join({ user: cleo, following: 'ben' })
    follow.follow('ben')
    expect(follow.isLoop).toBe(false)
    second.say({ following: 'ada' })
    expect(ends).toEqual(['ben follows-you'])
    first.leave()
  })

  test('is one store for each room', () => {
    expect(followOf(presence)).toBe(followOf(presence))
  })
})
