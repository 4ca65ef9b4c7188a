// @vitest-environment jsdom
import { Identity, RoomfulProvider } from '@roomful/provider'
import { act, Profiler, type ReactElement, StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { fox, ReactRoom, say } from '../../../tests/support/react-room.tsx'
import type { AnyRoom } from './any-room.ts'
import { adoptProvider, type AwarenessProvider, type UserSource } from './foreign-room.ts'
import { useAnyRoom, useRoom } from './room-context.ts'
import { RoomProvider } from './RoomProvider.tsx'
import { useCards } from './use-cards.ts'
import { useChat } from './use-chat.ts'
import { useCursors, useMyPresence, useOnlineCount, useOthers, useSelf } from './use-people.ts'
import { useStatus, useSyncStatus } from './use-status.ts'
import { useTyping } from './use-typing.ts'
import { useUndo } from './use-undo.ts'

let page: ReactRoom
let doc: Y.Doc
let awareness: Awareness

const me: UserSource = { user: { id: 'me', name: 'Swift Otter', color: '#7264d7' } }

function show(ui: ReactElement, provider: AwarenessProvider = { awareness }, identity = me): void {
  page.render(
    <StrictMode>
      <RoomProvider provider={provider} identity={identity} room="pad">
        {ui}
      </RoomProvider>
    </StrictMode>,
  )
}

function hear(clientId: number, state: Record<string, unknown> | null): void {
  act(() => say(awareness, clientId, state))
}

function countListeners(): number {
  let count = 0
  for (const observed of [doc, awareness])
    for (const listeners of observed._observers.values()) count += listeners.size
  for (const root of doc.share.values()) count += root._eH.l.length + root._dEH.l.length
  return count
}

beforeEach(() => {
  page = new ReactRoom()
  doc = new Y.Doc()
  awareness = new Awareness(doc)
})
afterEach(() => {
  page.destroy()
  awareness.destroy()
  vi.useRealTimers()
})

describe('hooks on a bare awareness', () => {
  test('people, typing and presence', () => {
    const People = (): ReactElement => {
      const names = useOthers((others) => others.map((person) => person.user.name))
      const [typing, setTyping] = useTyping()
      const update = useMyPresence()
      return (
        <button
          onClick={() => {
            setTyping(true)
            update({ status: 'away' })
          }}
        >
          {`${useAnyRoom().name}: ${useSelf()?.name}|${names.join()}|${useOnlineCount()}|${typing.length}|${useCursors().length}`}
        </button>
      )
    }
    show(<People />)
    expect(page.text).toBe('pad: Swift Otter||1|0|0')
    hear(7, { user: fox, typing: true })
    expect(page.text).toBe('pad: Swift Otter|Quiet Fox|2|1|1')
    act(() => page.host.querySelector('button')?.click())
    expect(awareness.getLocalState()).toMatchObject({ user: me.user, typing: true, status: 'away' })
  })

  test('chat, cards and undo live in the awareness’ own document', () => {
    const seen: AnyRoom[] = []
    const Doc = (): string => {
      seen.push(useAnyRoom())
      return `${useChat().messages.length} ${useCards().cards.length} ${useUndo().canUndo}`
    }
    show(<Doc />)
    act(() => {
      seen.at(-1)?.chat.send('hello')
      seen.at(-1)?.cards.create({ x: 0, y: 0 })
    })
    expect(page.text).toBe('1 1 true')
    expect(doc.getArray('chat').length).toBe(1)
  })

  test('nothing is known of saving, and what says nothing of itself is connected', () => {
    const Status = (): string =>
      `${useStatus().state} ${useSyncStatus().pending} ${useSyncStatus().localCopy}`
    show(<Status />)
    expect(page.text).toBe('connected unknown off')
  })

  test('useRoom says that it needs a RoomfulProvider', () => {
    const Lost = (): null => {
      useRoom()
      return null
    }
    const silent = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => show(<Lost />)).toThrow(/useAnyRoom/)
    silent.mockRestore()
  })
})

describe('users of stock clients', () => {
  test('who has a name and no id is a person, with a colour where theirs is none', () => {
    awareness.setLocalState({ user: { name: 'Ada', color: 'tomato' } })
    const People = (): string =>
      [useSelf(), ...useOthers((others) => others.map((person) => person.user))]
        .map((user) => `${user?.id} ${user?.name} ${/^#[0-9a-f]{6}$/.test(user?.color ?? '')}`)
        .join()
    page.render(
      <RoomProvider provider={{ awareness }}>
        <People />
      </RoomProvider>,
    )
    hear(7, { user: { name: 'Bob' } })
    hear(8, { cursor: { anchor: 1, head: 1 } })
    expect(page.text).toBe(`client-${awareness.clientID} Ada true,client-7 Bob true`)
  })

  test('a name alone is enough of an identity', () => {
    const Self = (): string => useSelf()?.name ?? 'nobody'
    show(<Self />, { awareness }, { user: { name: 'Ada' } })
    expect(page.text).toBe('Ada')
  })

  test('an identity that is renamed is followed, until the room is closed', () => {
    const identity = new Identity({ storage: undefined })
    const room = adoptProvider({ awareness }, { identity })
    identity.update({ name: 'Countess' })
    expect(room.presence.self?.user.name).toBe('Countess')
    room.close()
    identity.update({ name: 'Nobody' })
    expect(awareness.getLocalState()).toMatchObject({ user: { name: 'Countess' } })
  })
})

/** A provider that stands as it is told, as y-websocket's does. */
class TestProvider {
  readonly awareness: Awareness
  readonly roomname = 'by-name'
  wsconnected = false
  shouldConnect = true
  synced = false
  readonly listeners = new Map<string, Set<() => void>>()

  constructor(of: Awareness) {
    this.awareness = of
  }

  on(event: string, listener: () => void): void {
    const all = this.listeners.get(event) ?? new Set()
    this.listeners.set(event, all.add(listener))
  }

  off(event: string, listener: () => void): void {
    this.listeners.get(event)?.delete(listener)
  }

  emit(event: string): void {
    act(() => this.listeners.get(event)?.forEach((listener) => listener()))
  }

  get listening(): number {
    return [...this.listeners.values()].reduce((sum, all) => sum + all.size, 0)
  }
}

describe('a provider with a connection', () => {
  test('its status is told in Roomful’s words', () => {
    const provider = new TestProvider(awareness)
    const states: string[] = []
    const Status = (): string => {
      const { state } = useStatus()
      if (states.at(-1) !== state) states.push(state)
      return `${useAnyRoom().name} ${state}`
    }
    page.render(
      <RoomProvider provider={provider}>
        <Status />
      </RoomProvider>,
    )
    for (const [wsconnected, shouldConnect] of [
      [true, true],
      [false, true],
      [true, true],
      [false, false],
    ] as const) {
      Object.assign(provider, { wsconnected, shouldConnect })
      provider.emit('status')
    }
    expect(states).toEqual(['connecting', 'connected', 'reconnecting', 'connected', 'closed'])
    expect(page.text).toBe('by-name closed')
  })

  test('[U27] people stay for a short drop, and failed tries do not keep them longer', () => {
    vi.useFakeTimers()
    const provider = new TestProvider(awareness)
    Object.assign(provider, { wsconnected: true, synced: true })
    const Count = (): string => String(useOnlineCount())
    show(<Count />, provider)
    hear(7, { user: fox })
    provider.emit('connection-close')
    provider.wsconnected = false
    hear(7, null)
    expect(page.text).toBe('2')
    act(() => void vi.advanceTimersByTime(2_000))
    provider.emit('connection-close')
    act(() => void vi.advanceTimersByTime(1_000))
    expect(page.text).toBe('1')
  })

  test('StrictMode listens once, and gone it leaves the provider as it was, but for its presence', () => {
    vi.useFakeTimers()
    const provider = new TestProvider(awareness)
    const before = countListeners()
    const Everything = (): string => `${useStatus().state} ${useOthers().length} ${useChat().messages.length}`
    show(<Everything />, provider)
    const [listening, inRoom] = [provider.listening, countListeners()]
    show(<Everything />, provider)
    expect([provider.listening, countListeners()]).toEqual([listening, inRoom])
    for (let cycle = 0; cycle < 2; cycle++) {
      page.render(null)
      vi.advanceTimersByTime(1)
      // one that hears changes of the awareness, one that hears of its end
      expect([provider.listening, countListeners()]).toEqual([0, before + 2])
      show(<Everything />, provider)
    }
    expect(awareness.getLocalState()).toMatchObject({ user: me.user })
  })
})

describe('a RoomfulProvider of one’s own', () => {
  test('is a whole room, is followed, and is not destroyed with it', () => {
    vi.useFakeTimers()
    const provider = new RoomfulProvider('ws://127.0.0.1:9/ws', 'own', doc, {
      connect: false,
      persist: false,
      disableBc: true,
    })
    const destroy = vi.spyOn(provider, 'destroy')
    const Own = (): string => `${useRoom().provider === provider} ${useSelf()?.name} ${useRoom().name}`
    show(<Own />, provider)
    expect(page.text).toBe('true Swift Otter own')
    page.render(null)
    vi.advanceTimersByTime(1)
    expect(destroy).not.toHaveBeenCalled()
    provider.destroy()
  })
})

describe('commits', () => {
  test('[U11] a thousand moves of remote cursors are no commit, on a bare awareness and in a room', () => {
    const onRender = vi.fn()
    const Everything = (): string => {
      useSelf()
      useOthers()
      useCursors()
      useOnlineCount()
      useTyping()
      useChat()
      useStatus()
      return 'here'
    }
    const ui = (
      <Profiler id="room" onRender={onRender}>
        <Everything />
      </Profiler>
    )
    const move = (of: Awareness): void => {
      act(() => {
        say(of, 7, { user: { name: 'Stock' }, pointer: { x: 0, y: 0 } })
        say(of, 8, { user: fox, pointer: { x: 0, y: 0 } })
      })
      onRender.mockClear()
      for (let step = 1; step <= 500; step++) {
        act(() => {
          say(of, 7, { user: { name: 'Stock' }, pointer: { x: step / 500, y: 0.5 } })
          say(of, 8, { user: { ...fox }, pointer: { x: 0.5, y: step / 500 } })
        })
      }
    }
    show(ui)
    move(awareness)
    expect(onRender).not.toHaveBeenCalled()
    page.show(ui)
    move(page.room.awareness)
    expect(onRender).not.toHaveBeenCalled()
    page.say(8, { user: { ...fox, name: 'Loud Fox' } })
    expect(onRender).toHaveBeenCalled()
  })
})
