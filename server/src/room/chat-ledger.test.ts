import { parseChatMessage, roomDoc } from '@roomful/shared'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { seeds } from '../../../tests/support/seeds.ts'
import { compact } from '../worker/compact.js'
import { RoomContent } from './room-content.ts'

/** The ids in a document's chat, as its readers see them. */
function idsOf(doc: Y.Doc): string[] {
  return roomDoc(doc)
    .chat.toArray()
    .flatMap((raw) => parseChatMessage(raw)?.id ?? [])
}

/** The ids a room's ledger holds, in the order of the log. */
const inLog = (content: RoomContent): string[] =>
  content.chat.oldest(Number.POSITIVE_INFINITY).map(({ id }) => id)

test('the ledger holds what the chat holds, however it is written, and after a snapshot too', async () => {
  for (const seed of seeds(12)) {
    const random = new Random(seed)
    const content = await RoomContent.open(undefined)
    const docs = [1, 2, 3].map((clientID) => {
      const doc = new Y.Doc({ gc: random.chance(0.7) })
      doc.clientID = clientID
      return doc
    })
    let sentAt = 0
    for (let step = 0; step < 50; step++) {
      const doc = random.pick(docs) ?? new Y.Doc()
      const { chat, note, cards } = roomDoc(doc)
      doc.transact(() => {
        for (let n = random.between(1, 4); n > 0; n--) {
          sentAt += 1
          const userId = `user-${random.int(3)}`
          const message = { id: `m${sentAt}`, userId, name: 'n', color: '#ca4459', text: 't', sentAt }
          switch (random.weighted({ say: 5, junk: 1, remove: 3, other: 3 })) {
            case 'say':
              chat.insert(random.chance(0.5) ? chat.length : random.int(chat.length + 1), [message])
              break
            case 'junk':
              chat.push([random.chance(0.5) ? new Y.Map([['id', 'x']]) : { ...message, text: '' }, sentAt])
              break
            case 'remove':
              if (chat.length > 0) chat.delete(random.int(chat.length), 1)
              break
            case 'other':
              note.insert(0, 'note')
              cards.set(`card-${random.int(3)}`, sentAt)
              break
          }
        }
      })
      if (random.chance(0.6)) content.admit(Y.encodeStateAsUpdate(doc, content.encodeStateVector()))
      if (random.chance(0.4))
        Y.applyUpdate(doc, content.answer(Y.encodeStateVector(doc)) ?? Uint8Array.of(0, 0))
    }
    for (const doc of docs) content.admit(Y.encodeStateAsUpdate(doc, content.encodeStateVector()))
    const everything = new Y.Doc()
    const update = content.answer(Uint8Array.of(0)) ?? Uint8Array.of(0, 0)
    Y.applyUpdate(everything, update)
    expect(inLog(content).toSorted(), `seed ${seed}`).toEqual(idsOf(everything).toSorted())

    // a snapshot holds no order: what the messages say of their time is the next best
    const reopened = await RoomContent.open(compact(update).snapshot)
    const ids = idsOf(everything).toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    expect(inLog(reopened), `seed ${seed}`).toEqual(ids)
    const raw = await RoomContent.open(update)
    expect(inLog(raw), `seed ${seed}`).toEqual(ids)
  }
})

test('what is far too long for a message is none, and is not decoded', async () => {
  const doc = new Y.Doc()
  const { chat } = roomDoc(doc)
  const message = { userId: 'u', name: 'n', color: '#ca4459', text: 't', sentAt: 1 }
  chat.push([{ ...message, id: 'long', more: 'x'.repeat(70_000) }])
  // another hand's: Yjs would make one struct of both
  doc.clientID += 1
  chat.push([{ ...message, id: 'short' }])
  for (const content of [
    await RoomContent.open(undefined),
    await RoomContent.open(Y.encodeStateAsUpdate(doc)),
  ]) {
    content.admit(Y.encodeStateAsUpdate(doc))
    expect(inLog(content)).toEqual(['short'])
  }
})
