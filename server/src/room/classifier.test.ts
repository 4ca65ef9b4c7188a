import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { load, NOTHING } from '../../../tests/support/room/loaded.ts'
import { rootsOf, writeTogether } from '../../../tests/support/room/random-document.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { ID_CLASS, type IdClass } from './class-runs.ts'
import { RoomContent } from './room-content.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

/** What a unit is in a live document; `undefined` where it was collected and nobody can tell. */
function classInYjs(chat: Y.Array<unknown>, struct: Y.Item | Y.GC): IdClass | undefined {
  if (struct instanceof Y.GC) return undefined
  if (struct.parentSub !== null) return ID_CLASS.map
  return struct.parent === chat ? ID_CLASS.chat : ID_CLASS.other
}

/** Units whose class differs from the live document's. */
function differences(content: RoomContent, doc: Y.Doc): string[] {
  const found: string[] = []
  // asking for a root replaces the parent of its items: before any is compared
  const { chat } = rootsOf(doc)
  for (const [client, structs] of doc.store.clients) {
    for (const struct of structs) {
      const expected = classInYjs(chat, struct)
      if (expected === undefined) continue
      for (let clock = struct.id.clock; clock < struct.id.clock + struct.length; clock++) {
        const actual = content.classOf(client, clock)
        if (actual !== expected) found.push(`${client}:${clock} is ${actual}, in Yjs ${expected}`)
      }
    }
  }
  return found
}

test('every unit has the class Yjs gives it, followed live and rebuilt from a snapshot', async () => {
  const counts = { [ID_CLASS.map]: 0, [ID_CLASS.chat]: 0, [ID_CLASS.other]: 0 }
  for (const seed of seeds(15)) {
    const random = new Random(seed)
    const { updates } = writeTogether(random, { edits: 60 })
    const live = await RoomContent.open(undefined)
    for (const update of updates) live.admit(update)
    const doc = load(live.answer(NOTHING) ?? NOTHING)
    const rebuilt = await RoomContent.open(Y.encodeStateAsUpdate(doc))
    expect(differences(live, doc), `seed ${seed}, live`).toEqual([])
    expect(differences(rebuilt, doc), `seed ${seed}, rebuilt`).toEqual([])
    for (const structs of doc.store.clients.values()) {
      for (const struct of structs) {
        const expected = classInYjs(rootsOf(doc).chat, struct)
        if (expected !== undefined) counts[expected]++
      }
    }
  }
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(50)
})

test('units of the chat stay known after a compaction collected their content', async () => {
  const doc = new Y.Doc()
  doc.getArray('chat').insert(0, ['one', 'two', 'three'])
  doc.getArray('chat').delete(0, 2)
  const content = await RoomContent.open(Y.encodeStateAsUpdate(doc))
  expect([0, 1, 2].map((clock) => content.classOf(doc.clientID, clock))).toEqual([2, 2, 2])
  expect(content.classOf(12_345, 0)).toBe(ID_CLASS.other)
})
