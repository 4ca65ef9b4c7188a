import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { encodeSketch, hostileSketch, type StructSketch } from '../../../tests/support/room/hostile-update.ts'
import { deleteEverything, load, NOTHING } from '../../../tests/support/room/loaded.ts'
import { createUndo } from '../../../tests/support/room/random-document.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { RoomContent } from './room-content.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

const OWNER = 9
const ATTACKER = 5

/** A room with one card, whose map is the owner's unit 0. */
function cardUpdate(): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = OWNER
  const card = new Y.Map<unknown>()
  doc.getMap('cards').set('card', card)
  card.set('color', 'mint')
  return Y.encodeStateAsUpdate(doc)
}

/** Two values under one key of the card, the second of them deleted: the first one can never be reached again. */
const LONG_ENTRY: StructSketch = { kind: 'any', length: 2, parent: [OWNER, 0], key: 'k' }
const HALF_DELETED = encodeSketch({
  sections: [{ client: ATTACKER, clock: 0, structs: [LONG_ENTRY] }],
  deletes: [[ATTACKER, [[1, 1]]]],
})

async function roomWithCard(): Promise<RoomContent> {
  const content = await RoomContent.open(undefined)
  content.admit(cardUpdate())
  return content
}

test('without the map rule, deleting the card throws on every replica', () => {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, cardUpdate())
  Y.applyUpdate(doc, HALF_DELETED)
  expect(HALF_DELETED.length).toBeLessThan(30)
  expect(() => doc.getMap('cards').delete('card')).toThrow('Unexpected case')
})

test.each<[string, Uint8Array]>([
  ['half deleted', HALF_DELETED],
  ['live', encodeSketch({ sections: [{ client: ATTACKER, clock: 0, structs: [LONG_ENTRY] }] })],
  [
    'of text',
    encodeSketch({
      sections: [{ client: ATTACKER, clock: 0, structs: [{ ...LONG_ENTRY, kind: 'string' }] }],
    }),
  ],
  [
    'with an inherited key',
    encodeSketch({
      sections: [{ client: ATTACKER, clock: 0, structs: [{ kind: 'any', length: 2, origin: [OWNER, 1] }] }],
    }),
  ],
  [
    'with a key inherited from the right',
    encodeSketch({
      sections: [{ client: ATTACKER, clock: 0, structs: [{ kind: 'any', length: 2, right: [OWNER, 1] }] }],
    }),
  ],
  [
    'with a key inherited in the same update',
    encodeSketch({
      sections: [
        {
          client: ATTACKER,
          clock: 0,
          structs: [
            { ...LONG_ENTRY, length: 1 },
            { kind: 'any', length: 2, origin: [ATTACKER, 0] },
          ],
        },
      ],
    }),
  ],
  [
    'with a key inherited across the same update',
    encodeSketch({
      sections: [
        { client: ATTACKER + 1, clock: 0, structs: [{ kind: 'string', length: 2, origin: [ATTACKER, 0] }] },
        { client: ATTACKER, clock: 0, structs: [{ ...LONG_ENTRY, length: 1 }] },
      ],
    }),
  ],
])('a map entry longer than one unit is refused: %s', async (_, update) => {
  const content = await roomWithCard()
  const vector = content.encodeStateVector()
  const version = content.version
  expect(content.admit(update).kind).toBe('refused')
  expect(content.encodeStateVector()).toEqual(vector)
  expect(content.version).toBe(version)
  // nothing of the refused update stays behind: the same client may write there
  const honest = encodeSketch({
    sections: [{ client: ATTACKER, clock: 0, structs: [{ kind: 'string', length: 4 }] }],
  })
  expect(content.admit(honest)).toEqual({ kind: 'append', update: honest, missing: undefined })
})

test('the rule holds in a room read from its snapshot', async () => {
  const content = await RoomContent.open(cardUpdate())
  expect(content.admit(HALF_DELETED).kind).toBe('refused')
})

test('a long entry whose units are all deleted by the same update is taken', async () => {
  const content = await roomWithCard()
  const update = encodeSketch({
    sections: [{ client: ATTACKER, clock: 0, structs: [{ ...LONG_ENTRY, length: 4 }] }],
    deletes: [
      [
        ATTACKER,
        [
          [0, 2],
          [2, 2],
        ],
      ],
    ],
  })
  expect(content.admit(update).kind).toBe('append')
  deleteEverything(load(content.answer(NOTHING) ?? NOTHING))
})

test('entries that an undo manager keeps and Yjs has merged are honest', async () => {
  const doc = new Y.Doc()
  const card = new Y.Map<unknown>()
  doc.getMap('cards').set('card', card)
  const undo = createUndo(doc)
  for (let i = 0; i < 5; i++) card.set('pos', [i, i])
  undo.undo()
  const update = Y.encodeStateAsUpdate(doc)
  const merged = Y.decodeUpdate(update).structs.some(
    (struct) => struct instanceof Y.Item && struct.content instanceof Y.ContentAny && struct.length > 1,
  )
  expect(merged).toBe(true)
  const content = await RoomContent.open(undefined)
  expect(content.admit(update)).toEqual({ kind: 'append', update, missing: undefined })
})

test('no admitted history, however hostile, makes deleting throw', async () => {
  let refused = 0
  for (const seed of seeds(60)) {
    const random = new Random(seed)
    const content = await roomWithCard()
    const world = [OWNER, ATTACKER, 70_000, 4_000_000_000]
    for (let round = 0; round < 10; round++) {
      const sketch = hostileSketch(random, world, (client) => content.clock(client), true)
      if (content.admit(encodeSketch(sketch)).kind === 'refused') refused++
    }
    const doc = load(content.answer(NOTHING) ?? NOTHING)
    try {
      deleteEverything(doc)
    } catch (cause) {
      throw new Error(`seed ${seed}: the room is poisoned`, { cause })
    }
  }
  expect(refused).toBeGreaterThan(20)
})
