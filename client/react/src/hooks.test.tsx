// @vitest-environment jsdom
import { createUser } from '@roomful/shared'
import { act, type ReactElement, StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Cursors } from './Cursors.tsx'
import type { CursorSpace } from './cursor-driver.ts'
import { openRoom, type Room, type RoomOptions } from './room.ts'
import { RoomProvider, useRoom } from './RoomProvider.tsx'
import { LEAVE_HOLD_MS, SEED_MS } from './activity-log.ts'
import { useActivity } from './use-activity.ts'
import { useCards, useCardText } from './use-cards.ts'
import { useChat } from './use-chat.ts'
import { useCursors, useMyPresence, useOnlineCount, useOthers, useSelf } from './use-people.ts'
import { useStatus, useSyncStatus } from './use-status.ts'
import { useTyping } from './use-typing.ts'
import { useUndo } from './use-undo.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const SERVER = 'ws://127.0.0.1:9/ws'
let host: HTMLElement
let root: Root
let rooms: Room[]

/** A room with a person in it that never touches the network. */
function openOffline(options: RoomOptions): Room {
  const room = openRoom({
    ...options,
    options: {
      connect: false,
      persist: false,
      disableBc: true,
      user: createUser('me', 'Swift Otter', '#7264d7'),
    },
  })
  rooms.push(room)
  return room
}

function show(ui: ReactElement, name = 'lobby'): void {
  act(() =>
    root.render(
      <StrictMode>
        <RoomProvider serverUrl={SERVER} room={name} open={openOffline}>
          {ui}
        </RoomProvider>
      </StrictMode>,
    ),
  )
}

function theRoom(): Room {
  const room = rooms.at(-1)
  if (room === undefined) throw new Error('no room was opened')
  return room
}

/** Somebody else says something in awareness, as a provider would apply it. */
function other(clientId: number, state: Record<string, unknown> | null, clock: number): void {
  const { awareness } = theRoom().provider
  const known = awareness.states.has(clientId)
  awareness.meta.set(clientId, { clock, lastUpdated: Date.now() })
  if (state === null) awareness.states.delete(clientId)
  else awareness.states.set(clientId, state)
  const change = {
    added: state !== null && !known ? [clientId] : [],
    updated: state !== null && known ? [clientId] : [],
    removed: state === null ? [clientId] : [],
  }
  act(() => {
    awareness.emit('change', [change, 'test'])
  })
}

const fox = createUser('fox', 'Quiet Fox', '#1c75d6')

beforeEach(() => {
  rooms = []
  host = document.createElement('div')
  document.body.append(host)
  root = createRoot(host)
})
afterEach(() => {
  act(() => root.unmount())
  for (const room of rooms) room.close()
  host.remove()
  vi.useRealTimers()
})

describe('RoomProvider', () => {
  test('opens one room under StrictMode, and closes it one tick after it is gone', () => {
    vi.useFakeTimers()
    show(<b />)
    expect(rooms).toHaveLength(1)
    const close = vi.spyOn(theRoom(), 'close')
    vi.advanceTimersByTime(1)
    expect(close).not.toHaveBeenCalled()
    act(() => root.render(null))
    vi.advanceTimersByTime(1)
    expect(close).toHaveBeenCalledTimes(1)
  })

  test('[U37] another room closes the old one and shows nothing of it', () => {
    vi.useFakeTimers()
    const names: string[] = []
    const Name = (): null => {
      names.push(useRoom().name)
      return null
    }
    show(<Name />, 'lobby')
    const close = vi.spyOn(theRoom(), 'close')
    names.length = 0
    show(<Name />, 'plan')
    vi.advanceTimersByTime(1)
    expect(close).toHaveBeenCalledTimes(1)
    expect(new Set(names)).toEqual(new Set(['plan']))
  })

  test('a hook outside of it says what is missing', () => {
    const Lost = (): null => {
      useRoom()
      return null
    }
    const silent = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => act(() => root.render(<Lost />))).toThrow(/RoomProvider/)
    silent.mockRestore()
  })
})

describe('people', () => {
  test('self, others and the count follow who is here', () => {
    const People = (): ReactElement => {
      const names = useOthers((others) => others.map((person) => person.user.name))
      return <p>{`${useSelf()?.name}|${names.join()}|${useOnlineCount()}`}</p>
    }
    show(<People />)
    expect(host.textContent).toBe('Swift Otter||1')
    other(7, { user: fox }, 1)
    expect(host.textContent).toBe('Swift Otter|Quiet Fox|2')
    act(() => theRoom().presence.setUser({ name: 'Ada' }))
    expect(host.textContent).toBe('Ada|Quiet Fox|2')
    other(7, null, 2)
    expect(host.textContent).toBe('Ada||1')
  })

  test('[U10] pointer moves, theirs and one’s own, render nobody', () => {
    let renders = 0
    const People = (): null => {
      useOthers()
      useSelf()
      useCursors()
      useOnlineCount()
      renders++
      return null
    }
    show(<People />)
    other(7, { user: fox, pointer: { x: 0.1, y: 0.1 } }, 1)
    const before = renders
    for (let clock = 2; clock < 20; clock++)
      other(7, { user: fox, pointer: { x: clock / 20, y: 0.5 } }, clock)
    act(() => theRoom().presence.setPointer({ x: 0.5, y: 0.5 }))
    expect(renders).toBe(before)
  })

  test('[U22] typing shows who types; useMyPresence says it of oneself', () => {
    const Typing = (): ReactElement => {
      const [typing, setTyping] = useTyping()
      const update = useMyPresence()
      return (
        <button
          onClick={() => {
            setTyping(true)
            update({ selection: ['card'] })
          }}
        >
          {typing.map((user) => user.name).join()}
        </button>
      )
    }
    show(<Typing />)
    other(7, { user: fox, typing: true }, 1)
    expect(host.textContent).toBe('Quiet Fox')
    act(() => host.querySelector('button')?.click())
    expect(theRoom().presence.self).toMatchObject({ typing: true, selection: ['card'] })
  })
})

describe('activity', () => {
  test('[U57] lists who joined and left, and renders for nothing else', () => {
    vi.useFakeTimers()
    let renders = 0
    const Activity = (): string => {
      renders++
      return useActivity()
        .map(({ kind, user }) => `${user.name} ${kind}`)
        .join()
    }
    show(<Activity />)
    const { activity } = theRoom()
    act(() => {
      activity.arrive()
      vi.advanceTimersByTime(SEED_MS)
    })
    other(7, { user: fox }, 1)
    expect(host.textContent).toBe('Quiet Fox joined')
    const before = renders
    other(7, { user: fox, typing: true, pointer: { x: 0, y: 0 } }, 2)
    other(7, null, 3)
    expect(renders).toBe(before)
    act(() => void vi.advanceTimersByTime(LEAVE_HOLD_MS))
    expect(host.textContent).toBe('Quiet Fox joined,Quiet Fox left')
  })
})

describe('Cursors', () => {
  const space: CursorSpace = {
    width: 100,
    height: 100,
    project: (x, y) => ({ x, y }),
    subscribe: () => () => {},
  }

  test('[U3] one element a connection, moved without a render, hidden with the pointer', () => {
    let renders = 0
    const draw = ({ user }: { user: { name: string } }): ReactElement => {
      renders++
      return <i>{user.name}</i>
    }
    show(
      <Cursors space={space} motion="direct">
        {draw}
      </Cursors>,
    )
    other(7, { user: fox, pointer: { x: 0.25, y: 0.5 } }, 1)
    const cursor = host.querySelector<HTMLElement>('[data-cursor-user="fox"]')
    expect(cursor?.textContent).toBe('Quiet Fox')
    expect(cursor?.style.transform).toBe('translate(25.0px, 50.0px)')
    const before = renders
    other(7, { user: fox, pointer: { x: 0.75, y: 0.5 } }, 2)
    expect(cursor?.style.transform).toBe('translate(75.0px, 50.0px)')
    other(7, { user: fox, pointer: null }, 3)
    expect(cursor?.hidden).toBe(true)
    expect(renders).toBe(before)
    expect(cursor?.parentElement?.getAttribute('aria-hidden')).toBe('true')
  })

  test('a crowd is eased by CSS instead of a frame loop each', () => {
    show(<Cursors space={space}>{() => null}</Cursors>)
    for (let id = 1; id <= 51; id++) other(id, { user: createUser(`u${id}`, `U${id}`, '#1c75d6') }, 1)
    expect(host.querySelectorAll('[data-motion="transition"]')).toHaveLength(51)
  })
})

describe('document', () => {
  test('chat, cards, card text and undo follow the document', () => {
    const Doc = (): ReactElement => {
      const { messages } = useChat()
      const { cards } = useCards()
      const { canUndo, canRedo } = useUndo()
      return (
        <p>
          {messages.map((message) => message.text).join()}|
          {cards.map((card) => (
            <CardText key={card.id} card={card} />
          ))}
          |{`${canUndo} ${canRedo}`}
        </p>
      )
    }
    const CardText = ({ card }: { card: Parameters<typeof useCardText>[0] }): string => useCardText(card)
    show(<Doc />)
    act(() => void theRoom().chat.send('hello'))
    expect(host.textContent).toBe('hello||false false')
    let id = ''
    act(() => {
      id = theRoom().cards.create({ x: 1, y: 2, text: 'Ship' })
    })
    expect(host.textContent).toBe('hello|Ship|true false')
    act(() => theRoom().cards.get(id)?.text.insert(4, ' it'))
    expect(host.textContent).toBe('hello|Ship it|true false')
    act(() => theRoom().undo.undo())
    expect(host.textContent).toBe('hello||false true')
  })

  test('status tells the connection and what is pending', () => {
    const Status = (): string => `${useStatus().state} ${useSyncStatus().pending}`
    show(<Status />)
    const before = host.textContent
    expect(before).toMatch(/^closed /)
    act(() => void theRoom().chat.send('hello'))
    expect(host.textContent).not.toBe(before)
  })
})
