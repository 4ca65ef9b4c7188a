import {
  decodeMessage,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  parseChatMessage,
  roomDoc,
} from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../tests/support/random.ts'
import { FakeMember } from '../../tests/support/room-harness/fake-member.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { seeds } from '../../tests/support/seeds.ts'

let nextMessage = 0

/** Somebody with a document of their own, connected as stock clients are. */
class Person {
  readonly doc = new Y.Doc()
  readonly member: FakeMember
  readonly #harness: RoomHarness

  constructor(
    harness: RoomHarness,
    userId: string | undefined,
    clientID: number,
    permission: 'write' | 'admin' = 'write',
  ) {
    this.#harness = harness
    this.doc.clientID = clientID
    this.member = new FakeMember({
      permission,
      ...(userId !== undefined && { user: { id: userId } }),
    })
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) harness.receive(this.member, encodeUpdate(update))
    })
    harness.room.join(this.member)
    this.meet()
  }

  get chat(): Y.Array<unknown> {
    return roomDoc(this.doc).chat
  }

  get userId(): string {
    return this.member.user?.id ?? 'nobody'
  }

  /** SyncStep1 to the room; what is heard is applied. */
  meet(): void {
    this.#harness.receive(this.member, encodeSyncStep1(Y.encodeStateVector(this.doc)))
    this.hear()
  }

  /** Applies what the room has said, and answers what it asks. */
  hear(): void {
    this.#harness.turn()
    for (const frame of this.member.frames.splice(0)) {
      const message = decodeMessage(frame)
      if (message?.type === 'update' || message?.type === 'sync-step2')
        Y.applyUpdate(this.doc, message.update, this)
      if (message?.type === 'sync-step1')
        this.#harness.receive(
          this.member,
          encodeSyncStep2(Y.encodeStateAsUpdate(this.doc, message.stateVector)),
        )
    }
    this.#harness.turn()
  }

  message(text: string, userId = this.userId): { id: string; userId: string } & Record<string, unknown> {
    nextMessage += 1
    return { id: `m${nextMessage}`, userId, name: userId, color: '#ca4459', text, sentAt: nextMessage }
  }

  say(text: string, userId = this.userId): string {
    const message = this.message(text, userId)
    this.chat.push([message])
    return message.id
  }

  /** Deletes whatever has this id, whoever wrote it. */
  remove(id: string): void {
    const raw = this.chat.toArray()
    for (let index = raw.length - 1; index >= 0; index--)
      if (parseChatMessage(raw[index])?.id === id) this.chat.delete(index, 1)
  }
}

/** What a newcomer reads. */
function chatOf(harness: RoomHarness): unknown[] {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, harness.room.encodeDocument())
  return roomDoc(doc).chat.toJSON()
}

const texts = (harness: RoomHarness): unknown[] =>
  chatOf(harness).map((raw) => parseChatMessage(raw)?.text ?? 'no message')

describe('[W38] who speaks in a chat', () => {
  test('a message in somebody else’s name is gone in the turn in which it came, for its sender too', async () => {
    const harness = await RoomHarness.open()
    const [ada, eve] = [new Person(harness, 'ada', 1), new Person(harness, 'eve', 2)]
    ada.say('from Ada')
    eve.hear()
    eve.say('from Ada, says Eve', 'ada')
    eve.say('from Eve')
    ada.hear()
    eve.hear()
    expect(texts(harness)).toEqual(['from Ada', 'from Eve'])
    for (const { chat } of [ada, eve]) expect(chat.toJSON()).toEqual(chatOf(harness))
    expect(harness.count('chatReviewed:forged')).toBe(1)
    expect(eve.member.closed).toBeUndefined()
  })

  test('what is no message goes as well, of whatever kind it is', async () => {
    const harness = await RoomHarness.open()
    const eve = new Person(harness, 'eve', 2)
    eve.chat.push([7, 'words', null, { id: 'x' }, new Uint8Array(3)])
    eve.chat.push([new Y.Map([['id', 'x']]), new Y.Text('text')])
    eve.doc.getArray('other').push(['stays'])
    eve.hear()
    expect(chatOf(harness)).toEqual([])
    expect(eve.doc.getArray('other').toJSON()).toEqual(['stays'])
  })

  test('what others said cannot be deleted, replaced or taken the id of', async () => {
    const harness = await RoomHarness.open()
    const [ada, eve, bob] = [
      new Person(harness, 'ada', 1),
      new Person(harness, 'eve', 2),
      new Person(harness, 'bob', 3),
    ]
    const id = ada.say('from Ada')
    eve.hear()
    bob.hear()
    eve.remove(id)
    eve.chat.push([{ ...eve.message('I was Ada'), id }])
    eve.say('and I am Eve')
    for (const person of [ada, bob, eve]) person.hear()
    expect(texts(harness)).toEqual(['from Ada', 'and I am Eve'])
    expect(bob.chat.toJSON()).toEqual(chatOf(harness))
    // only in her own view it is gone, and stays gone: what she brings at a reconnect is cut out again
    expect(eve.chat.toJSON()).toHaveLength(1)
    eve.meet()
    harness.receive(eve.member, encodeSyncStep2(Y.encodeStateAsUpdate(eve.doc)))
    expect(texts(harness)).toEqual(['from Ada', 'and I am Eve'])
    expect(harness.count('chatReviewed:kept')).toBeGreaterThan(0)
  })

  test('one’s own messages are one’s own in every tab: edited, deleted, relayed', async () => {
    const harness = await RoomHarness.open()
    const [tab, other] = [new Person(harness, 'ada', 1), new Person(harness, 'ada', 2)]
    const first = tab.say('first')
    const second = tab.say('second')
    other.hear()
    other.remove(first)
    other.doc.transact(() => {
      other.remove(second)
      other.chat.insert(0, [{ ...other.message('second, edited'), id: second }])
    })
    tab.hear()
    expect(texts(harness)).toEqual(['second, edited'])
    // a tab that was never here: what it wrote comes by the other one
    const away = new Y.Doc()
    away.clientID = 9
    roomDoc(away).chat.push([tab.message('from a tab without a server')])
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(away))
    expect(texts(harness)).toContain('from a tab without a server')
  })

  test('an administrator deletes what anybody said, and says nothing in their names', async () => {
    const harness = await RoomHarness.open()
    const [eve, admin] = [new Person(harness, 'eve', 2), new Person(harness, 'root', 3, 'admin')]
    const id = eve.say('spam')
    admin.hear()
    admin.remove(id)
    admin.say('I am Eve', 'eve')
    expect(texts(harness)).toEqual([])
  })

  test('where nobody is known everybody may write as they like', async () => {
    const harness = await RoomHarness.open()
    const [one, two] = [new Person(harness, undefined, 1), new Person(harness, undefined, 2)]
    const id = one.say('hello', 'one')
    two.hear()
    two.chat.push(['not one of ours'])
    two.remove(id)
    expect(chatOf(harness)).toEqual(['not one of ours'])
  })
})

describe('[I6] [limit:chatMessages] LIMIT_CHAT_MESSAGES', () => {
  test('the oldest messages go, by the order in which they came and not by where they stand', async () => {
    const harness = await RoomHarness.open({ limits: { chatMessages: 3 } })
    const [ada, bob] = [new Person(harness, undefined, 1), new Person(harness, undefined, 2)]
    for (const text of ['a', 'b', 'c']) ada.say(text)
    bob.hear()
    // a tab that was away puts its message in front of all the others
    bob.chat.insert(0, [bob.message('late')])
    ada.hear()
    expect(texts(harness)).toEqual(['late', 'b', 'c'])
    expect(ada.chat.toJSON()).toEqual(chatOf(harness))
    expect(harness.count('limited:chatMessages')).toBe(1)
    for (let i = 0; i < 20; i++) ada.say(`more ${i}`)
    expect(texts(harness)).toEqual(['more 17', 'more 18', 'more 19'])
  })

  test('what is no message of ours is neither counted nor deleted', async () => {
    const harness = await RoomHarness.open({ limits: { chatMessages: 2 } })
    const one = new Person(harness, undefined, 1)
    one.chat.push(['kept', { any: 'thing' }])
    for (const text of ['a', 'b', 'c']) one.say(text)
    expect(chatOf(harness)).toHaveLength(4)
    const text = new Person(await RoomHarness.open({ limits: { chatMessages: 2 } }), undefined, 1)
    text.doc.getText('note').insert(0, 'a note of any length')
    expect(text.doc.getText('note').length).toBe(20)
  })
})

test('[W38] [I2] whatever people do, honest and not, the chat holds what each said themselves', async () => {
  for (const seed of seeds(6)) await live(seed)
})

/** A random history of honest people and one who is not. */
async function live(seed: number): Promise<void> {
  const random = new Random(seed)
  const limit = random.between(5, 40)
  const harness = await RoomHarness.open({
    limits: { chatMessages: limit },
    // some updates go the way of large ones
    ...(random.chance(0.3) && { largeUpdateBytes: 60 }),
  })
  const honest = ['ada', 'ada', 'bob', 'cyd'].map((userId, n) => new Person(harness, userId, 10 + n))
  const eve = new Person(harness, 'eve', 99)
  const said = new Map<string, string>()
  const gone = new Set<string>()
  for (let step = 0; step < 60; step++) {
    const person = random.pick(honest) ?? eve
    const own = [...said]
      .filter(([id, userId]) => userId === person.userId && !gone.has(id))
      .map(([id]) => id)
    switch (random.weighted({ say: 6, remove: 2, edit: 2, note: 2, hear: 4, forge: 3, wipe: 2, junk: 1 })) {
      case 'say':
        said.set(person.say(`${step}`), person.userId)
        break
      case 'remove': {
        const id = random.pick(own)
        if (id === undefined) break
        person.remove(id)
        gone.add(id)
        break
      }
      case 'edit': {
        const id = random.pick(own)
        if (id === undefined) break
        person.doc.transact(() => {
          person.remove(id)
          person.chat.push([{ ...person.message('edited'), id }])
        })
        break
      }
      case 'note':
        roomDoc(person.doc).note.insert(0, 'n')
        break
      case 'hear':
        person.hear()
        break
      case 'forge':
        eve.hear()
        if (random.chance(0.5)) eve.say('forged', random.pick(['ada', 'bob', 'cyd']) ?? 'ada')
        else eve.chat.push([{ ...eve.message('mine now'), id: random.pick([...said.keys()]) ?? 'none' }])
        break
      case 'wipe':
        eve.hear()
        eve.doc.transact(() => {
          if (eve.chat.length > 0) eve.chat.delete(0, random.between(1, eve.chat.length))
        })
        break
      case 'junk':
        eve.chat.push([random.int(9), new Y.Map()])
        break
    }
    await harness.settle()
  }
  for (let round = 0; round < 3; round++) {
    for (const person of [...honest, eve]) person.hear()
    await harness.settle()
  }
  const context = `seed ${seed}`
  const messages = chatOf(harness).map((raw) => parseChatMessage(raw))
  expect(messages.includes(undefined), context).toBe(false)
  expect(messages.length, context).toBeLessThanOrEqual(limit)
  for (const message of messages) {
    // the id of a message that is gone is anybody's
    const author = message?.text === 'mine now' ? 'eve' : (said.get(message?.id ?? '') ?? 'eve')
    expect(message?.userId, `${context}: ${message?.text}`).toBe(author)
  }
  const owners = new Set(messages.map((message) => `${message?.id} ${message?.userId}`))
  expect(owners.size, `${context}: an id with two authors`).toBe(
    new Set(messages.map((message) => message?.id)).size,
  )
  const present = new Set(messages.map((message) => message?.id))
  // nobody but its author, or the limit, takes a message away
  if (harness.count('chatReviewed:trimmed') === 0)
    for (const id of said.keys()) if (!gone.has(id)) expect(present.has(id), `${context}: ${id}`).toBe(true)
  for (const person of honest) expect(person.chat.toJSON(), context).toEqual(chatOf(harness))
  expect(harness.count('failed'), context).toBe(0)
}
