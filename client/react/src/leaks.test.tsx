// @vitest-environment jsdom
import { Fragment, type ReactElement } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { seeds } from '../../../tests/support/seeds.ts'
import { fox, openOffline, ReactRoom, say } from '../../../tests/support/react-room.tsx'
import {
  type AwarenessProvider,
  Cursors,
  type Room,
  RoomProvider,
  useActivity,
  useCards,
  useChat,
  useCursors,
  useNote,
  useNoteEditors,
  useOthers,
  useSelf,
  useStatus,
  useSyncStatus,
  useTyping,
  useUndo,
} from './index.ts'

// 2,000 in the long run
const CYCLES = seeds(100).length
const TIMEOUT_MS = 300_000
const space = {
  width: 1,
  height: 1,
  project: (x: number, y: number) => ({ x, y }),
  subscribe: () => () => {},
}

function Everything(): string {
  useSelf()
  useOthers()
  useCursors()
  useTyping()
  useChat()
  useCards()
  useNoteEditors()
  useActivity()
  useStatus()
  useSyncStatus()
  useUndo()
  return useNote().text.toJSON()
}

function all(): ReactElement {
  return (
    <>
      <Everything />
      <Cursors space={space}>{({ user }) => user.name}</Cursors>
    </>
  )
}

function observers(...observed: readonly { _observers: Map<unknown, Set<unknown>> }[]): number {
  return observed
    .flatMap(({ _observers }) => [..._observers.values()])
    .reduce((sum, set) => sum + set.size, 0)
}

/** Everything that is listened to in a document, an awareness and a provider. */
function listeners(doc: Y.Doc, awareness: Awareness, provider?: Room['provider']): number {
  const roots = [...doc.share.values()].map((root) => root._eH.l.length + root._dEH.l.length)
  return (
    roots.reduce((sum, count) => sum + count, 0) +
    observers(doc, awareness, ...(provider === undefined ? [] : [provider]))
  )
}

let page: ReactRoom
beforeEach(() => {
  vi.useFakeTimers()
  page = new ReactRoom()
})
afterEach(() => {
  page.destroy()
  vi.useRealTimers()
})

test('components that come and go in a room leave no listener and no timer', { timeout: TIMEOUT_MS }, () => {
  page.show(<i />)
  const { doc, awareness, provider } = page.room
  page.say(7, { user: fox, pointer: { x: 0, y: 0 } })
  const [before, timers] = [listeners(doc, awareness, provider), vi.getTimerCount()]
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    page.show(<Fragment key={cycle}>{all()}</Fragment>)
    if (cycle === 0) expect(listeners(doc, awareness, provider)).toBeGreaterThan(before)
  }
  page.show(<i />)
  expect([listeners(doc, awareness, provider), vi.getTimerCount()]).toEqual([before, timers])
})

test(
  'rooms on one provider that come and go leave it without a listener, and no timer',
  { timeout: TIMEOUT_MS },
  () => {
    const doc = new Y.Doc()
    const provider: AwarenessProvider = { awareness: new Awareness(doc) }
    say(provider.awareness, 7, { user: fox, pointer: { x: 0, y: 0 } })
    const identity = { user: { id: 'me', name: 'Me' } }
    const cycle = (count: number): void => {
      page.render(
        <RoomProvider key={count} provider={provider} identity={identity}>
          {all()}
        </RoomProvider>,
      )
      vi.advanceTimersByTime(1)
    }
    // the first one makes the roots
    cycle(0)
    page.render(null)
    vi.advanceTimersByTime(1)
    const [before, timers] = [listeners(doc, provider.awareness), vi.getTimerCount()]
    for (let count = 1; count < CYCLES; count++) cycle(count)
    page.render(null)
    vi.advanceTimersByTime(1)
    expect([listeners(doc, provider.awareness), vi.getTimerCount()]).toEqual([before, timers])
    provider.awareness.destroy()
  },
)

test(
  'rooms opened and left leave no timer and nothing listening to the page',
  { timeout: TIMEOUT_MS },
  () => {
    const added = vi.spyOn(globalThis, 'addEventListener')
    const removed = vi.spyOn(globalThis, 'removeEventListener')
    const rooms: Room[] = []
    const timers = vi.getTimerCount()
    for (let count = 0; count < CYCLES; count++) {
      page.render(
        <RoomProvider
          serverUrl="ws://127.0.0.1:9/ws"
          room={`room-${count}`}
          open={(options) => {
            const room = openOffline(options)
            rooms.push(room)
            return room
          }}
        >
          {all()}
        </RoomProvider>,
      )
    }
    page.render(null)
    vi.runOnlyPendingTimers()
    expect(rooms).toHaveLength(CYCLES)
    expect(vi.getTimerCount()).toBe(timers)
    expect(added.mock.calls.length).toBeGreaterThan(0)
    expect(removed.mock.calls.length).toBe(added.mock.calls.length)
    for (const { doc, awareness, provider } of rooms) expect(listeners(doc, awareness, provider)).toBe(0)
  },
)
