// @vitest-environment jsdom
import { createUser } from '@roomful/shared'
import { act, type ReactElement } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fox, ReactRoom } from '../../../tests/support/react-room.tsx'
import { Cursors } from './Cursors.tsx'
import type { CursorSpace } from './cursor-driver.ts'
import type { Room } from './room.ts'
import { useRoom } from './room-context.ts'
import { LEAVE_HOLD_MS, SEED_MS } from './activity-log.ts'
import { useActivity } from './use-activity.ts'
import { useCards, useCardText } from './use-cards.ts'
import { useChat } from './use-chat.ts'
import { useCursors, useMyPresence, useOnlineCount, useOthers, useSelf } from './use-people.ts'
import { useStatus, useSyncStatus } from './use-status.ts'
import { useTyping } from './use-typing.ts'
import { useUndo } from './use-undo.ts'

let page: ReactRoom
let host: HTMLElement

function show(ui: ReactElement, name?: string): void {
  page.show(ui, name)
}
const theRoom = (): Room => page.room
const other = (clientId: number, state: Record<string, unknown> | null): void => page.say(clientId, state)

beforeEach(() => {
  page = new ReactRoom()
  host = page.host
})
afterEach(() => {
  page.destroy()
  vi.useRealTimers()
})

describe('RoomProvider', () => {
  test('opens one room under StrictMode, and closes it one tick after it is gone', () => {
    vi.useFakeTimers()
    show(<b />)
    expect(page.rooms).toHaveLength(1)
    const close = vi.spyOn(theRoom(), 'close')
    vi.advanceTimersByTime(1)
    expect(close).not.toHaveBeenCalled()
    page.render(null)
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
    expect(() => page.render(<Lost />)).toThrow(/RoomProvider/)
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
    other(7, { user: fox })
    expect(host.textContent).toBe('Swift Otter|Quiet Fox|2')
    act(() => theRoom().presence.setUser({ name: 'Ada' }))
    expect(host.textContent).toBe('Ada|Quiet Fox|2')
    other(7, null)
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
    other(7, { user: fox, pointer: { x: 0.1, y: 0.1 } })
    const before = renders
    for (let clock = 2; clock < 20; clock++) other(7, { user: fox, pointer: { x: clock / 20, y: 0.5 } })
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
    other(7, { user: fox, typing: true })
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
    other(7, { user: fox })
    expect(host.textContent).toBe('Quiet Fox joined')
    const before = renders
    other(7, { user: fox, typing: true, pointer: { x: 0, y: 0 } })
    other(7, null)
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
    other(7, { user: fox, pointer: { x: 0.25, y: 0.5 } })
    const cursor = host.querySelector<HTMLElement>('[data-cursor-user="fox"]')
    expect(cursor?.textContent).toBe('Quiet Fox')
    expect(cursor?.style.transform).toBe('translate(25.0px, 50.0px)')
    const before = renders
    other(7, { user: fox, pointer: { x: 0.75, y: 0.5 } })
    expect(cursor?.style.transform).toBe('translate(75.0px, 50.0px)')
    other(7, { user: fox, pointer: null })
    expect(cursor?.hidden).toBe(true)
    expect(renders).toBe(before)
    expect(cursor?.parentElement?.getAttribute('aria-hidden')).toBe('true')
  })

  test('a crowd is eased by CSS instead of a frame loop each', () => {
    show(<Cursors space={space}>{() => null}</Cursors>)
    for (let id = 1; id <= 51; id++) other(id, { user: createUser(`u${id}`, `U${id}`, '#1c75d6') })
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
