import { createCollabServer, createMemoryLog, type CollabServer } from '@roomful/server'
import { roomDoc } from '@roomful/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../support/random.ts'
import { connectRoomful } from '../support/roomful-client.ts'
import { seeds } from '../support/seeds.ts'
import { waitFor } from '../support/wait.ts'

/**
 * The cases every operational transformation is judged by, and what Yjs gives instead. Concurrent here means: each writer
 * had the same text and had not heard of the others. Operational transformation shifts positions and must be told for
 * each pair of operations how; Yjs gives each letter an id and a neighbour, and a deletion is a mark on letters, so that
 * there is one result however the operations travel. Where two people insert between the same two letters nobody can say
 * who was first: then the smaller client id stands left. These tests give the ids, in life they are random.
 */

/** What somebody does to the note. */
type Edit = (note: Y.Text) => void

const insert =
  (at: number, text: string): Edit =>
  (note) =>
    note.insert(at, text)
const remove =
  (at: number, length: number): Edit =>
  (note) =>
    note.delete(at, length)
const both =
  (...edits: readonly Edit[]): Edit =>
  (note) => {
    for (const edit of edits) edit(note)
  }
/** A word as it is typed: a letter an operation, each after the last. */
const typeAt =
  (at: number, word: string): Edit =>
  (note) =>
    word.split('').forEach((letter, index) => note.insert(at + index, letter))
/** A word written from its end: each letter before the last one. */
const typeBackwardsAt =
  (at: number, word: string): Edit =>
  (note) => {
    for (const letter of word.split('').toReversed()) note.insert(at, letter)
  }

let server: CollabServer
let wsUrl: string
let rooms = 0

beforeAll(async () => {
  server = createCollabServer({ backend: createMemoryLog() })
  wsUrl = `ws://${new URL(await server.listen({ port: 0 })).host}/ws`
})
afterAll(() => server.close())

/** A document that holds `base`, and whose owner has this client id. */
function writerOf(base: string, clientId: number): Y.Doc {
  const origin = new Y.Doc()
  origin.clientID = 1_000
  roomDoc(origin).note.insert(0, base)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(origin))
  doc.clientID = clientId
  return doc
}

const noteOf = (doc: Y.Doc): string => roomDoc(doc).note.toJSON()

/**
 * Everybody edits alone, with client id 1, 2, 3 … by their place in `edits`, then they come into a room one after the
 * other, in `order`, through real providers and a real server. A newcomer comes last.
 *
 * @returns the one text that all of them have
 */
async function meet(
  base: string,
  edits: readonly Edit[],
  order: readonly number[] = edits.map((_, index) => index),
): Promise<string> {
  const room = `merge-${++rooms}`
  const writers = edits.map((edit, index) => {
    const doc = writerOf(base, index + 1)
    edit(roomDoc(doc).note)
    return doc
  })
  const clients = []
  try {
    for (const index of order) {
      const client = connectRoomful(wsUrl, room, { doc: writers[index] ?? new Y.Doc() })
      clients.push(client)
      await waitFor('the edits to be stored', () => client.provider.synced && client.provider.pending === 0)
    }
    const newcomer = connectRoomful(wsUrl, room)
    clients.push(newcomer)
    await waitFor('the newcomer to be told', () => newcomer.provider.synced)
    const docs = clients.map((client) => client.doc)
    await waitFor('one text everywhere', () => new Set(docs.map(noteOf)).size === 1)
    return noteOf(newcomer.doc)
  } finally {
    for (const client of clients) client.destroy()
  }
}

/** All orders of 0 … count - 1. */
function orders(count: number): number[][] {
  if (count === 0) return [[]]
  return orders(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, at) => order.toSpliced(at, 0, count - 1)),
  )
}

/** The same without a server: each writer hears of the others' operations in each order there is. */
function everywhere(base: string, edits: readonly Edit[]): string[] {
  const updates = edits.map((edit, index) => {
    const doc = writerOf(base, index + 1)
    const before = Y.encodeStateVector(doc)
    edit(roomDoc(doc).note)
    return Y.encodeStateAsUpdate(doc, before)
  })
  return orders(edits.length).map((order) => {
    const doc = writerOf(base, 99)
    for (const index of order) Y.applyUpdate(doc, updates[index] ?? new Uint8Array([0, 0]))
    return noteOf(doc)
  })
}

describe('two people, one text', () => {
  test('insert against insert at one place: both stay, the smaller client id left', async () => {
    expect(await meet('()', [insert(1, 'a'), insert(1, 'b')])).toBe('(ab)')
    // the same two people with the ids the other way round
    expect(await meet('()', [insert(1, 'b'), insert(1, 'a')])).toBe('(ba)')
  })

  test('who comes into the room first makes no difference', async () => {
    expect(await meet('()', [insert(1, 'a'), insert(1, 'b')], [1, 0])).toBe('(ab)')
  })

  test('insert against insert at two places: each where its writer put it', async () => {
    expect(await meet('one three', [insert(4, 'two '), insert(9, ' four')])).toBe('one two three four')
  })

  test('insert against a delete behind it', async () => {
    expect(await meet('abc', [insert(1, 'X'), remove(2, 1)])).toBe('aXb')
  })

  test('insert against a delete before it', async () => {
    expect(await meet('abc', [insert(2, 'X'), remove(0, 1)])).toBe('bXc')
  })

  test('an insert inside of what another deletes survives alone', async () => {
    expect(await meet('abcdef', [insert(3, 'X'), remove(1, 4)])).toBe('aXf')
  })

  test('an insert into a text that another empties survives', async () => {
    expect(await meet('abc', [insert(3, ' and more'), remove(0, 3)])).toBe(' and more')
  })

  test('overlapping deletes take the union, nothing twice', async () => {
    expect(await meet('abcdef', [remove(1, 3), remove(2, 3)])).toBe('af')
  })

  test('a delete inside of another delete changes nothing', async () => {
    expect(await meet('abcdef', [remove(1, 4), remove(2, 2)])).toBe('af')
  })

  test('delete against delete of the same letters: they go once', async () => {
    expect(await meet('abcd', [remove(1, 2), remove(1, 2)])).toBe('ad')
  })

  test('inserts at both edges of a delete meet in its place, in order', async () => {
    expect(await meet('abcd', [remove(1, 2), both(insert(3, 'Y'), insert(1, 'X'))])).toBe('aXYd')
  })

  test('both replace one word: the old one goes once, both new ones stay, the smaller client id left', async () => {
    const replace = (word: string): Edit => both(remove(4, 3), insert(4, word))
    expect(await meet('the cat sat', [replace('dog'), replace('cow')])).toBe('the dogcow sat')
    expect(await meet('the cat sat', [replace('cow'), replace('dog')])).toBe('the cowdog sat')
  })

  test('both move one line: a move is a delete and an insert, so it is there twice', async () => {
    const move = (to: number): Edit => both(remove(0, 2), insert(to, 'x\n'))
    expect(await meet('x\na\nb\n', [move(2), move(4)])).toBe('a\nx\nb\nx\n')
  })

  test('a delete undone after the merge puts the letters back around what was written between', async () => {
    const [a, b] = [writerOf('abcdef', 1), writerOf('abcdef', 2)]
    const undo = new Y.UndoManager(roomDoc(b).note)
    roomDoc(a).note.insert(3, 'X')
    roomDoc(b).note.delete(1, 4)
    Y.applyUpdate(b, Y.encodeStateAsUpdate(a), 'server')
    expect(noteOf(b)).toBe('aXf')
    undo.undo()
    expect(noteOf(b)).toBe('abcXdef')
    Y.applyUpdate(a, Y.encodeStateAsUpdate(b))
    expect(noteOf(a)).toBe('abcXdef')
    undo.destroy()
  })
})

describe('two words typed at one place', () => {
  test('letter by letter from the left they do not interleave', async () => {
    expect(await meet('', [typeAt(0, 'hello '), typeAt(0, 'world ')])).toBe('hello world ')
    expect(await meet('()', [typeAt(1, 'hello'), typeAt(1, 'world')])).toBe('(helloworld)')
  })

  test('with a mistake taken back in one of them they do not either', async () => {
    const corrected = both(typeAt(1, 'helo'), remove(4, 1), typeAt(4, 'lo'))
    expect(await meet('()', [corrected, typeAt(1, 'world')])).toBe('(helloworld)')
  })

  test('from the right, each letter before the last one, they do not either', async () => {
    expect(await meet('()', [typeBackwardsAt(1, 'hello'), typeBackwardsAt(1, 'world')])).toBe('(helloworld)')
  })
})

describe('three people, all six orders', () => {
  /** Through the server in each order of arrival, and told to each other in each order. */
  async function inAllOrders(base: string, edits: readonly Edit[], expected: string): Promise<void> {
    expect(new Set(everywhere(base, edits))).toEqual(new Set([expected]))
    for (const order of orders(edits.length)) {
      expect(await meet(base, edits, order), `order ${order.join()}`).toBe(expected)
    }
  }

  test('the TP2 puzzle: two inserts on the two sides of a letter that a third person deletes', async () => {
    // transformed, both inserts land at one position, and in some orders their sides are forgotten
    await inAllOrders('abc', [insert(2, 'x'), remove(1, 1), insert(1, 'y')], 'ayxc')
  })

  test('the TP2 puzzle with the client ids the other way round has the same answer', async () => {
    await inAllOrders('abc', [insert(1, 'y'), remove(1, 1), insert(2, 'x')], 'ayxc')
  })

  test('three inserts at one place stand by client id', async () => {
    await inAllOrders('()', [insert(1, 'a'), insert(1, 'b'), insert(1, 'c')], '(abc)')
  })

  test('three words at one place stay whole', async () => {
    await inAllOrders('', [typeAt(0, 'one '), typeAt(0, 'two '), typeAt(0, 'three ')], 'one two three ')
  })

  test('an insert, a delete around it and a delete of its neighbour', async () => {
    await inAllOrders('abcdef', [insert(3, 'X'), remove(1, 4), remove(0, 2)], 'Xf')
  })

  test('three deletes that overlap take the union', async () => {
    await inAllOrders('abcdefgh', [remove(1, 3), remove(3, 3), remove(2, 5)], 'ah')
  })

  test('an answer to something stands behind it, however late the thing itself comes', () => {
    // the second writer has heard of the first, the third of nobody
    const first = writerOf('()', 1)
    roomDoc(first).note.insert(1, 'question ')
    const second = writerOf('()', 2)
    Y.applyUpdate(second, Y.encodeStateAsUpdate(first))
    const known = Y.encodeStateVector(second)
    roomDoc(second).note.insert(10, 'answer ')
    const third = writerOf('()', 3)
    Y.applyUpdate(third, Y.encodeStateAsUpdate(second, known))
    expect(noteOf(third)).toBe('()')
    Y.applyUpdate(third, Y.encodeStateAsUpdate(first))
    expect(noteOf(third)).toBe('(question answer )')
  })
})

test('whatever three people do at once, all six orders give one text, with every letter somebody wrote and nobody deleted', () => {
  for (const seed of seeds(100)) {
    const random = new Random(seed)
    const base = 'abcdefghij'.slice(0, random.int(10))
    const written: string[] = []
    const edits = ['1', '2', '3'].map((name): Edit => {
      const word = name.repeat(1 + random.int(4))
      written.push(word)
      const [from, length, at] = [random.int(10), random.int(5), random.int(10)]
      return (note) => {
        const start = Math.min(from, note.length)
        note.delete(start, Math.min(length, note.length - start))
        note.insert(Math.min(at, note.length), word)
      }
    })
    const results = new Set(everywhere(base, edits))
    expect(results.size, `seed ${seed}`).toBe(1)
    const [text = ''] = results
    for (const word of written) expect(text, `seed ${seed}`).toContain(word)
    expect(text.replace(/\d/g, ''), `seed ${seed}`).toBe(
      base.replace(/./g, (letter) => (text.includes(letter) ? letter : '')),
    )
  }
})
