// @vitest-environment jsdom
import type { ConnectionDetail } from '@roomful/provider'
import { createUser, MAX_MESSAGE_LENGTH } from '@roomful/shared'
import { act } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fox, ReactRoom } from '../../../tests/support/react-room.tsx'
import { AvatarStack } from './AvatarStack.tsx'
import { Chat } from './Chat.tsx'
import { ConnectionStatus } from './ConnectionStatus.tsx'

let page: ReactRoom
beforeEach(() => {
  page = new ReactRoom()
})
afterEach(() => {
  page.destroy()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function find(selector: string): HTMLElement {
  const element = page.host.querySelector<HTMLElement>(selector)
  if (element === null) throw new Error(`nothing matches ${selector} in ${page.host.innerHTML}`)
  return element
}
const findAll = (selector: string): HTMLElement[] => [...page.host.querySelectorAll<HTMLElement>(selector)]

describe('AvatarStack', () => {
  const arrive = (count: number): void => {
    for (let n = 1; n <= count; n++) page.say(n, { user: createUser(`u${n}`, `User ${n}`, '#1c75d6') })
  }

  test('[U15] shows oneself first, then the others by name, at most so many, then how many more', () => {
    page.show(<AvatarStack max={5} className="stack" faceClassName="face" />)
    arrive(7)
    expect(findAll('[role=img]').map((face) => face.getAttribute('aria-label'))).toEqual([
      'Swift Otter',
      'User 1',
      'User 2',
      'User 3',
      'User 4',
    ])
    expect(find('ul.stack > li.face[data-self]').dataset['userId']).toBe('me')
    expect(find('[data-more]').textContent).toBe('+3')
    expect(find('ul').getAttribute('aria-label')).toBe('8 people here')
    expect(find('[data-user-id=u1]').style.getPropertyValue('--person')).toBe('#1c75d6')
  })

  test('alone there is oneself and no more', () => {
    page.show(<AvatarStack />)
    expect(findAll('li').map((face) => face.textContent)).toEqual(['S'])
    expect(find('ul').getAttribute('aria-label')).toBe('Only you are here')
  })

  test('faces, the rest and the name are what the caller makes of them', () => {
    page.show(
      <AvatarStack
        max={2}
        more={(people) => <button>{people.map((person) => person.user.name).join()}</button>}
        label={(count) => `${count} Leute`}
      >
        {({ user, isSelf }) => <i>{isSelf ? 'me' : user.id}</i>}
      </AvatarStack>,
    )
    arrive(3)
    expect(findAll('i').map((face) => face.textContent)).toEqual(['me', 'u1'])
    expect(find('button').textContent).toBe('User 2,User 3')
    expect(find('ul').getAttribute('aria-label')).toBe('4 Leute')
  })

  test('a name that begins with an emoji keeps it whole', () => {
    page.show(<AvatarStack />)
    page.say(1, { user: createUser('owl', '🦉 Owl', '#1c75d6') })
    expect(find('[data-user-id=owl]').textContent).toBe('🦉')
  })
})

describe('ConnectionStatus', () => {
  let detail: ConnectionDetail
  /** The connection stands like this from now on. */
  function stand(next: ConnectionDetail, pending: number | 'unknown' = 0): void {
    detail = next
    const { provider } = page.room
    vi.spyOn(provider, 'connectionDetail', 'get').mockImplementation(() => detail)
    vi.spyOn(provider, 'pending', 'get').mockReturnValue(pending)
    act(() => provider.emit('sync', [true]))
  }
  const shown = (): (string | null | undefined)[] => [
    find('[role=status]').dataset['state'],
    find('[role=status]').textContent,
  ]

  test('[U26] says in words and in data-state how the connection stands', () => {
    vi.useFakeTimers()
    page.show(<ConnectionStatus className="badge" />)
    stand({ state: 'connecting' })
    expect(shown()).toEqual(['connecting', 'Connecting'])
    stand({ state: 'connected' })
    expect(shown()).toEqual(['live', 'Live'])
    stand({ state: 'reconnecting' }, 3)
    act(() => void vi.advanceTimersByTime(2_000))
    expect(shown()).toEqual(['reconnecting', 'Reconnecting (3 pending)'])
    expect(find('.badge').dataset['pending']).toBe('3')
    const closedReason = { code: 4403, reason: '', meaning: 'You may not enter this room', advice: '' }
    stand({ state: 'closed', closedReason })
    expect(shown()).toEqual(['closed', 'You may not enter this room'])
  })

  test('[U27] a short drop is not mentioned, also when it comes again', () => {
    vi.useFakeTimers()
    page.show(<ConnectionStatus />)
    stand({ state: 'connected' })
    for (let drop = 0; drop < 3; drop++) {
      stand({ state: 'reconnecting' })
      act(() => void vi.advanceTimersByTime(1_999))
      expect(shown()).toEqual(['live', 'Live'])
      stand({ state: 'connected' })
    }
    stand({ state: 'reconnecting' }, 'unknown')
    act(() => void vi.advanceTimersByTime(2_000))
    expect(shown()).toEqual(['reconnecting', 'Reconnecting'])
  })

  test('[U28] is Offline while the browser is', () => {
    page.show(<ConnectionStatus />)
    stand({ state: 'reconnecting' })
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    act(() => void dispatchEvent(new Event('offline')))
    expect(shown()).toEqual(['offline', 'Offline'])
  })

  test('looks as the caller wants', () => {
    page.show(<ConnectionStatus>{({ state, pending }) => <b>{`${state}/${pending}`}</b>}</ConnectionStatus>)
    stand({ state: 'connected' }, 2)
    expect(find('b').textContent).toBe('live/2')
  })
})

describe('Chat', () => {
  const field = (): HTMLTextAreaElement => {
    const element = page.host.querySelector('textarea')
    if (element === null) throw new Error('no field')
    return element
  }
  /** Types as a person does: React hears of it through the native setter. */
  function type(text: string): void {
    act(() => {
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(field(), text)
      field().dispatchEvent(new Event('input', { bubbles: true }))
    })
  }
  function press(init: KeyboardEventInit): KeyboardEvent {
    const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init })
    act(() => void field().dispatchEvent(event))
    return event
  }
  const texts = (): (string | undefined)[] => page.room.chat.messages.map((message) => message.text)

  test('[U20] Enter sends, Shift+Enter does not, an input method’s Enter does neither', () => {
    page.show(<Chat />)
    type('nihon')
    expect(press({ shiftKey: true }).defaultPrevented).toBe(false)
    expect(press({ isComposing: true }).defaultPrevented).toBe(false)
    expect(press({ keyCode: 229 }).defaultPrevented).toBe(false)
    expect(texts()).toEqual([])
    expect(press({}).defaultPrevented).toBe(true)
    expect(texts()).toEqual(['nihon'])
    expect(field().value).toBe('')
    expect(find('[data-own] p').textContent).toBe('nihon')
  })

  test('the button sends, and blank text is not sent', () => {
    page.show(<Chat />)
    type('  \n ')
    expect(find('button').getAttribute('aria-disabled')).toBe('true')
    act(() => find('button').click())
    expect(texts()).toEqual([])
    type(' hello ')
    act(() => find('button').click())
    expect(texts()).toEqual(['hello'])
  })

  test('what is too long stays in the field, marked, with how much', () => {
    page.show(<Chat />)
    type('x'.repeat(MAX_MESSAGE_LENGTH + 3))
    press({})
    expect(texts()).toEqual([])
    expect(field().value).toHaveLength(MAX_MESSAGE_LENGTH + 3)
    expect([field().getAttribute('aria-invalid'), find('[data-left]').textContent]).toEqual([
      'true',
      '3 too many',
    ])
  })

  test('is a log with a name, a labelled field, and names that cannot turn the line around', () => {
    page.show(<Chat className="chat" messageClassName="line" />)
    act(() => void page.room.chat.send('<img onerror=1>\nsecond line'))
    expect(find('[role=log]').getAttribute('aria-label')).toBe('Messages')
    expect(find('[role=log]').tabIndex).toBe(0)
    expect(field().labels[0]?.textContent).toBe('Message')
    expect(find('section.chat li.line bdi').textContent).toBe('Swift Otter')
    expect(find('li p').textContent).toBe('<img onerror=1>\nsecond line')
    expect(find('li time').getAttribute('datetime')).toMatch(/^\d{4}-/)
    expect(findAll('img')).toEqual([])
  })

  test('[U22] says who is typing, and tells the others', () => {
    page.show(<Chat />)
    page.say(7, { user: fox, typing: true })
    expect(find('[data-typing]').textContent).toBe('Quiet Fox is typing')
    page.say(8, { user: createUser('ada', 'Ada', '#1c75d6'), typing: true })
    expect(find('[data-typing]').textContent).toBe('Ada and Quiet Fox are typing')
    page.say(9, { user: createUser('bob', 'Bob', '#1c75d6'), typing: true })
    expect(find('[data-typing]').textContent).toBe('Several people are typing')
    type('h')
    expect(page.room.presence.self?.typing).toBe(true)
    type('')
    expect(page.room.presence.self?.typing).toBe(false)
  })

  test('[U21] stays at the end for who reads there, where it is for who does not, and follows own messages', () => {
    page.show(<Chat />)
    const log = find('[role=log]')
    Object.defineProperties(log, {
      scrollHeight: { get: () => log.querySelectorAll('li').length * 100 },
      clientHeight: { value: 300 },
    })
    const scrollTo = (top: number): void => {
      log.scrollTop = top
      act(() => void log.dispatchEvent(new Event('scroll', { bubbles: true })))
    }
    const hear = (id: string): void => {
      const message = { id, userId: 'fox', name: 'Fox', color: '#1c75d6', text: id, sentAt: Date.now() }
      act(() => page.room.doc.getArray('chat').push([message]))
    }
    for (let n = 0; n < 5; n++) hear(`m${n}`)
    expect(log.scrollTop).toBe(500)
    scrollTo(50)
    hear('news')
    expect(log.scrollTop).toBe(50)
    act(() => void page.room.chat.send('mine'))
    expect(log.scrollTop).toBe(700)
  })

  test('only the newest are in the page, and one more draws one row', () => {
    const draw = vi.fn(({ text }: { text: string }) => <b>{text}</b>)
    page.show(<Chat max={3}>{draw}</Chat>)
    for (let n = 0; n < 5; n++) act(() => void page.room.chat.send(`m${n}`))
    expect(findAll('b').map((row) => row.textContent)).toEqual(['m2', 'm3', 'm4'])
    draw.mockClear()
    act(() => void page.room.chat.send('m5'))
    // StrictMode draws each twice
    expect(new Set(draw.mock.calls.map(([message]) => message.text))).toEqual(new Set(['m5']))
  })

  test('speaks other languages', () => {
    page.show(<Chat labels={{ send: 'Senden', empty: 'Noch nichts', message: 'Nachricht' }} />)
    expect([find('button').textContent, find('[data-empty]').textContent]).toEqual(['Senden', 'Noch nichts'])
    expect(field().labels[0]?.textContent).toBe('Nachricht')
  })
})
