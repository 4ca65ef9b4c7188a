import { createUser, MAX_MESSAGE_LENGTH, roomDoc, type ChatMessage } from '@roomful/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { Random } from '../../../tests/support/random.ts'
import { seeds } from '../../../tests/support/seeds.ts'
import { Chat } from './chat.ts'
import { presenceOf } from './presence-of.ts'
import type { PresenceStore } from './presence-store.ts'

const ada = createUser('ada', 'Ada', '#ca4459')

let clock: ManualClientClock
let doc: Y.Doc
let awareness: Awareness
let presence: PresenceStore
let chat: Chat

beforeEach(() => {
  clock = new ManualClientClock()
  doc = new Y.Doc()
  awareness = new Awareness(doc)
  presence = presenceOf({ awareness }, { clock, user: ada })
  chat = new Chat({ doc, awareness, serverNow: () => clock.now() + 5_000 })
})

afterEach(() => {
  chat.destroy()
  awareness.destroy()
})

function message(fields: Partial<ChatMessage>): ChatMessage {
  return { id: 'm', userId: 'bob', name: 'Bob', color: '#00855f', text: 'hi', sentAt: 1, ...fields }
}

/** Another person's copy of the room, apart until `merge` is called. */
function fork(): { other: Y.Doc; chat: Chat; merge: () => void; end: () => void } {
  const other = new Y.Doc()
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  const otherAwareness = new Awareness(other)
  presenceOf({ awareness: otherAwareness }, { clock, user: ada })
  const otherChat = new Chat({ doc: other, awareness: otherAwareness, serverNow: () => clock.now() + 5_000 })
  return {
    other,
    chat: otherChat,
    merge: () => {
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
      Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    },
    end: () => {
      otherChat.destroy()
      otherAwareness.destroy()
    },
  }
}

describe('chat', () => {
  test('[U20] one’s own message is there at once, in one’s name, by the server’s clock', () => {
    const sent = chat.send('hello')
    expect(chat.messages).toEqual([sent])
    expect(sent).toMatchObject({ userId: 'ada', name: 'Ada', text: 'hello', sentAt: clock.now() + 5_000 })
  })

  test('[U22] sending clears "is typing"', () => {
    presence.setTyping(true)
    chat.send('hello')
    expect(presence.self?.typing).toBe(false)
  })

  test('blank text and text over the limit are not sent, and nothing is cut', () => {
    expect(chat.send('  \n ')).toBeUndefined()
    expect(chat.send('x'.repeat(MAX_MESSAGE_LENGTH + 1))).toBeUndefined()
    expect(chat.send('x'.repeat(MAX_MESSAGE_LENGTH))?.text.length).toBe(MAX_MESSAGE_LENGTH)
    expect(chat.messages.length).toBe(1)
  })

  test('sending without a user says what to do', () => {
    const bare = new Y.Doc()
    const bareAwareness = new Awareness(bare)
    const silent = new Chat({ doc: bare, awareness: bareAwareness, serverNow: () => 0 })
    expect(() => silent.send('hello')).toThrow(/setUser/)
    silent.destroy()
    bareAwareness.destroy()
  })

  test('[U49] messages are shown by sentAt, then id, whatever their place in the list', () => {
    roomDoc(doc).chat.push([
      message({ id: 'b', sentAt: 3 }),
      message({ id: 'c', sentAt: 1 }),
      message({ id: 'a', sentAt: 3 }),
    ])
    expect(chat.messages.map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  })

  test('[U49] what one sends stands below all one has seen, unless that has a clock gone wrong', () => {
    for (let turn = 0; turn < 20; turn++) chat.send(`${turn}`)
    expect(chat.messages.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, turn) => `${turn}`))
    const now = clock.now() + 5_000
    roomDoc(doc).chat.push([message({ id: 'a bit ahead', text: 'question', sentAt: now + 2_000 })])
    chat.send('answer')
    expect(chat.messages.at(-1)).toMatchObject({ text: 'answer', sentAt: now + 2_001 })
    roomDoc(doc).chat.push([message({ id: 'wrong', text: 'from the future', sentAt: now + 3_600_000 })])
    expect(chat.send('today')?.sentAt).toBe(now)
  })

  test('what a foreign client wrote that is no message is skipped', () => {
    roomDoc(doc).chat.push([
      'text',
      null,
      { id: 1 },
      new Y.Map(),
      message({ id: 'ok' }),
      message({ id: 'long', text: 'x'.repeat(MAX_MESSAGE_LENGTH + 1) }),
    ])
    expect(chat.messages.map(({ id }) => id)).toEqual(['ok'])
  })

  test('an edit keeps the place and the time, and notes when; only one’s own can be edited or removed', () => {
    roomDoc(doc).chat.push([message({ id: 'theirs' })])
    const mine = chat.send('helo')
    clock.advance(10)
    expect(chat.edit(mine?.id ?? '', 'hello')).toBe(true)
    expect(chat.messages.at(-1)).toEqual({ ...mine, text: 'hello', editedAt: clock.now() + 5_000 })
    expect(chat.edit('theirs', 'changed')).toBe(false)
    expect(chat.remove('theirs')).toBe(false)
    expect(chat.edit('nobody’s', 'changed')).toBe(false)
    expect(chat.remove(mine?.id ?? '')).toBe(true)
    expect(chat.messages.map(({ id }) => id)).toEqual(['theirs'])
  })

  test('a removal is taken back with the message as it was; nobody else’s, and never twice', () => {
    const first = chat.send('first')
    clock.advance(1)
    chat.send('second')
    if (first === undefined) throw new Error('not sent')
    expect(chat.restore(first)).toBe(false)
    chat.remove(first.id)
    expect(chat.restore(first)).toBe(true)
    expect(chat.restore(first)).toBe(false)
    expect(chat.messages.map(({ text }) => text)).toEqual(['first', 'second'])
    expect(chat.messages[0]).toEqual(first)
    expect(chat.restore(message({ id: 'theirs' }))).toBe(false)
  })

  test('[U50] what changes piece by piece is what a newcomer reads at once', () => {
    for (const seed of seeds(30)) {
      const random = new Random(seed)
      const here = new Y.Doc()
      const there = new Y.Doc()
      const live = new Chat({ doc: here, awareness, serverNow: () => 0 })
      let ids = 0
      for (let step = 0; step < 30; step++) {
        // reading before each change: what was never read has nothing to be kept from
        expect(live.messages).toBe(live.messages)
        const list = roomDoc(random.chance(0.5) ? here : there).chat
        const kind = random.weighted({ newest: 6, late: 2, again: 1, removal: 1 })
        const id = kind === 'again' ? `${random.int(ids)}` : `${ids++}`
        const sentAt = kind === 'late' ? random.int(step) : step
        const pair = [message({ id, sentAt }), message({ id: `${ids++}`, sentAt })]
        if (kind === 'removal' && list.length > 0) list.delete(random.int(list.length), 1)
        else list.insert(random.between(0, list.length), pair)
        if (random.chance(0.4)) Y.applyUpdate(here, Y.encodeStateAsUpdate(there))
        if (random.chance(0.4)) Y.applyUpdate(there, Y.encodeStateAsUpdate(here))
        const fresh = new Chat({ doc: here, awareness, serverNow: () => 0 })
        expect(live.messages, `seed ${seed}, step ${step}`).toEqual(fresh.messages)
        fresh.destroy()
      }
      live.destroy()
    }
  })

  test('an edit and a removal are one update each', () => {
    const mine = chat.send('helo')
    let updates = 0
    doc.on('update', () => updates++)
    chat.edit(mine?.id ?? '', 'hello')
    chat.remove(mine?.id ?? '')
    expect(updates).toBe(2)
  })

  test('[U30] two edits at once leave one message, the same one for everybody', () => {
    const mine = chat.send('helo')
    const id = mine?.id ?? ''
    const tab = fork()
    chat.edit(id, 'hello here')
    clock.advance(5)
    tab.chat.edit(id, 'hello there')
    tab.merge()
    expect(chat.messages).toEqual(tab.chat.messages)
    expect(chat.messages.map(({ text }) => text)).toEqual(['hello there'])
    expect(chat.edit(id, 'and again')).toBe(true)
    expect(roomDoc(doc).chat.length).toBe(1)
    tab.end()
  })

  test('[U30] messages written apart are all there after the merge, in one order', () => {
    const tab = fork()
    for (let turn = 0; turn < 10; turn++) {
      chat.send(`a${turn}`)
      clock.advance(1)
      tab.chat.send(`b${turn}`)
      clock.advance(1)
    }
    tab.merge()
    expect(chat.messages).toEqual(tab.chat.messages)
    expect(chat.messages.map(({ text }) => text)).toEqual(
      Array.from({ length: 10 }, (_, turn) => [`a${turn}`, `b${turn}`]).flat(),
    )
    tab.end()
  })

  test('the snapshot keeps its reference until something changed, then subscribers hear of it', () => {
    let calls = 0
    const off = chat.subscribe(() => calls++)
    chat.send('one')
    const before = chat.messages
    roomDoc(doc).note.insert(0, 'elsewhere')
    expect(chat.messages).toBe(before)
    expect(calls).toBe(1)
    off()
    chat.send('two')
    expect(calls).toBe(1)
    expect(chat.messages).not.toBe(before)
    expect(chat.messages[0]).toBe(before[0])
  })
})
