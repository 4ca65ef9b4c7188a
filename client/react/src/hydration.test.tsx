// @vitest-environment jsdom
import { act, type ReactElement, StrictMode } from 'react'
import { hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import { openOffline } from '../../../tests/support/react-room.tsx'
import type { Room } from './room.ts'
import { RoomProvider } from './RoomProvider.tsx'
import { useChat } from './use-chat.ts'
import { useSelf } from './use-people.ts'
import { useStatus } from './use-status.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
const rooms: Room[] = []
afterEach(() => {
  for (const room of rooms.splice(0)) room.close()
  document.body.replaceChildren()
})

test('a page takes markup from a server over without a word, and then joins once', () => {
  const Page = (): ReactElement => (
    <p>{`${useSelf()?.name ?? 'nobody'} ${useStatus().state} ${useChat().messages.length}`}</p>
  )
  const open = vi.fn((options: Parameters<typeof openOffline>[0]) => {
    const room = openOffline(options)
    rooms.push(room)
    return room
  })
  const ui = (
    <StrictMode>
      <RoomProvider serverUrl="ws://127.0.0.1:9/ws" room="lobby" open={open}>
        <Page />
      </RoomProvider>
    </StrictMode>
  )
  const host = document.createElement('div')
  document.body.append(host)
  host.innerHTML = renderToString(ui)
  expect(host.textContent).toBe('nobody connecting 0')
  const paragraph = host.querySelector('p')
  const onRecoverableError = vi.fn()
  const silent = vi.spyOn(console, 'error').mockImplementation(() => {})
  let root: Root | undefined
  act(() => {
    root = hydrateRoot(host, ui, { onRecoverableError })
  })
  expect([onRecoverableError.mock.calls, silent.mock.calls]).toEqual([[], []])
  silent.mockRestore()
  expect(open).toHaveBeenCalledTimes(1)
  expect(host.textContent).toBe('Swift Otter closed 0')
  // the same element: nothing was thrown away and made anew
  expect(host.querySelector('p')).toBe(paragraph)
  act(() => root?.unmount())
})
