import type { ChatMessage } from '@roomful/shared'
import { beforeEach, describe, expect, test } from 'vitest'
import { UnreadStore } from './unread-store.ts'

let messages: readonly ChatMessage[]
let tell: () => void
let unread: UnreadStore

beforeEach(() => {
  messages = [message('old', 'bob')]
  tell = () => {}
  const chat = {
    get messages() {
      return messages
    },
    subscribe(listener: () => void) {
      tell = listener
      return () => {
        tell = () => {}
      }
    },
  }
  unread = new UnreadStore(chat, () => ({ id: 'me', name: 'Swift Otter' }))
})

function message(id: string, userId: string, text = id): ChatMessage {
  return { id, userId, name: userId, color: '#1c75d6', text, sentAt: 0 }
}

function come(...added: ChatMessage[]): void {
  messages = [...messages, ...added]
  tell()
}

describe('[U24] unread messages', () => {
  test('are others’ that came out of sight, and none once the chat is seen', () => {
    unread.begin()
    come(message('seen', 'bob'))
    expect(unread.state.count).toBe(0)
    unread.setInSight(false)
    come(message('1', 'bob'), message('2', 'me'), message('3', 'ada'))
    expect(unread.state.count).toBe(2)
    unread.setInSight(true)
    expect(unread.state.count).toBe(0)
  })

  test('what the room held when one came in is no news', () => {
    unread.setInSight(false)
    come(message('loaded', 'bob'))
    unread.begin()
    expect(unread.state.count).toBe(0)
    come(message('news', 'bob'))
    expect(unread.state.count).toBe(1)
  })

  test('mentions of oneself are told apart', () => {
    unread.begin()
    unread.setInSight(false)
    come(message('1', 'bob', 'hello @Swift Otter'), message('2', 'bob', 'hello @Calm Heron'))
    expect(unread.state).toMatchObject({ count: 2, mentions: 1 })
  })

  test('an edit is not unread again, and a deleted message is unread no more', () => {
    unread.begin()
    unread.setInSight(false)
    come(message('1', 'bob'), message('2', 'bob'))
    messages = messages.map((known) => (known.id === '1' ? { ...known, text: 'edited' } : known))
    tell()
    expect(unread.state.count).toBe(2)
    messages = messages.filter((known) => known.id !== '1')
    tell()
    expect(unread.state.count).toBe(1)
  })

  test('the "New messages" line stands above the first one until the chat goes out of sight or one answers', () => {
    unread.begin()
    unread.setInSight(false)
    come(message('1', 'bob'), message('2', 'bob'))
    unread.setInSight(true)
    expect(unread.state.first).toBe('1')
    come(message('answer', 'me'))
    expect(unread.state.first).toBeUndefined()
    unread.setInSight(false)
    come(message('3', 'bob'))
    unread.setInSight(true)
    unread.setInSight(false)
    expect(unread.state.first).toBeUndefined()
  })

  test('the state keeps its reference until something changed, then subscribers hear of it', () => {
    let calls = 0
    unread.begin()
    unread.subscribe(() => calls++)
    const before = unread.state
    come(message('1', 'bob'))
    expect(unread.state).toBe(before)
    unread.setInSight(false)
    come(message('2', 'bob'))
    expect(calls).toBe(1)
    unread.destroy()
    come(message('3', 'bob'))
    expect(calls).toBe(1)
  })
})
