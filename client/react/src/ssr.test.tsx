import { type ReactElement, useEffect } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import {
  Cursors,
  RoomProvider,
  useActivity,
  useAnyRoom,
  useCards,
  useChat,
  useCursors,
  useMyPresence,
  useNote,
  useNoteEditors,
  useOnlineCount,
  useOthers,
  useRoom,
  useSelf,
  useStatus,
  useSyncStatus,
  useTyping,
  useUndo,
} from './index.ts'

const space = {
  width: 1,
  height: 1,
  project: (x: number, y: number) => ({ x, y }),
  subscribe: () => () => {},
}

/** Every hook there is, in one line. */
function Everything(): ReactElement {
  useMyPresence()
  const values = {
    room: useAnyRoom().name,
    self: useSelf()?.name ?? 'nobody',
    others: useOthers().length,
    names: useOthers((others) => others.map((person) => person.id)).length,
    online: useOnlineCount(),
    cursors: useCursors().length,
    typing: useTyping()[0].length,
    messages: useChat().messages.length,
    cards: useCards().cards.length,
    note: useNote().text.length,
    editors: useNoteEditors().length,
    activity: useActivity().length,
    state: useStatus().state,
    pending: useSyncStatus().pending,
    undo: useUndo().canUndo,
  }
  return (
    <>
      <Cursors space={space}>{() => null}</Cursors>
      <p>{JSON.stringify(values)}</p>
    </>
  )
}

const EMPTY = {
  room: 'lobby',
  self: 'nobody',
  others: 0,
  names: 0,
  online: 1,
  cursors: 0,
  typing: 0,
  messages: 0,
  cards: 0,
  note: 0,
  editors: 0,
  activity: 0,
  state: 'connecting',
  pending: 'unknown',
  undo: false,
}

function parse(html: string): unknown {
  return JSON.parse(html.replace(/<[^>]+>/g, '').replaceAll('&quot;', '"')) as unknown
}

test('on a server every hook answers as in an empty room that is connecting', () => {
  expect(typeof document).toBe('undefined')
  const html = renderToString(
    <RoomProvider serverUrl="wss://example.com/ws" room="lobby">
      <Everything />
    </RoomProvider>,
  )
  expect(parse(html)).toEqual(EMPTY)
})

test('on a server a provider of one’s own is not touched', () => {
  const doc = new Y.Doc()
  const awareness = new Awareness(doc)
  const listeners = (): number => [...awareness._observers.values()].reduce((sum, set) => sum + set.size, 0)
  const before = listeners()
  const html = renderToString(
    <RoomProvider provider={{ awareness }} room="lobby">
      <Everything />
    </RoomProvider>,
  )
  expect(parse(html)).toEqual(EMPTY)
  expect(listeners()).toBe(before)
  awareness.destroy()
})

test('on a server nothing is opened, and no timer or process listener stays', () => {
  vi.useFakeTimers()
  const exits = process.listenerCount('exit')
  const open = vi.fn()
  const ran = vi.fn()
  const Page = (): ReactElement => {
    useEffect(ran)
    return <p>{useRoom().provider.connection}</p>
  }
  renderToString(
    <RoomProvider serverUrl="wss://example.com/ws" room="lobby" open={open}>
      <Page />
    </RoomProvider>,
  )
  expect([open.mock.calls.length, ran.mock.calls.length]).toEqual([0, 0])
  // y-websocket leaves one that does nothing and ends at once
  vi.runOnlyPendingTimers()
  expect([vi.getTimerCount(), process.listenerCount('exit')]).toEqual([0, exits])
  vi.useRealTimers()
})
