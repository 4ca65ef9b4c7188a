import * as Y from 'yjs'
import type { Random } from '../random.ts'

/** Pieces with every UTF-8 length: the last ones are surrogate pairs in UTF-16. */
const PIECES = ['a', 'word ', 'é', '漢字', '🙂', 'x😀y', '\n', '👩‍👩‍👧']
const KEYS = ['pos', 'size', 'color', 'é']

/** The roots a random document uses, each as its type. */
export function rootsOf(doc: Y.Doc): {
  note: Y.Text
  chat: Y.Array<unknown>
  cards: Y.Map<unknown>
  xml: Y.XmlFragment
} {
  return {
    note: doc.getText('note'),
    chat: doc.getArray('chat'),
    cards: doc.getMap('cards'),
    xml: doc.getXmlFragment('xml'),
  }
}

/** Everything two replicas must agree on, content that only shows in attributes included. */
export function contentOf(doc: Y.Doc): unknown {
  const { note, chat, cards, xml } = rootsOf(doc)
  return {
    note: note.toDelta(),
    chat: chat.toJSON(),
    cards: [...cards.keys()].sort().map((key) => [key, plain(cards.get(key))]),
    xml: xml.toJSON(),
  }
}

function plain(value: unknown): unknown {
  return value instanceof Y.Text ? value.toDelta() : value instanceof Y.AbstractType ? value.toJSON() : value
}

/** Where a text may be cut: never inside a surrogate pair, on which Yjs replicas diverge. */
function place(text: string, random: Random, mayCutPairs: boolean): number {
  const at = random.int(text.length + 1)
  const unit = text.charCodeAt(at)
  return !mayCutPairs && unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}

function editText(text: Y.Text, random: Random, mayCutPairs: boolean): void {
  // an embed is one unit of the text but no character of its string: '-' stands for it
  const content = text
    .toDelta()
    .map((op: { insert: unknown }) => (typeof op.insert === 'string' ? op.insert : '-'))
    .join('')
  const [from, to] = [place(content, random, mayCutPairs), place(content, random, mayCutPairs)].sort(
    (a, b) => a - b,
  ) as [number, number]
  const what = random.weighted({ insert: 5, delete: 3, format: 2, embed: 1 })
  if (what === 'insert') text.insert(from, random.pick(PIECES) ?? 'a')
  else if (what === 'delete' && to > from) text.delete(from, Math.min(to - from, 6))
  else if (what === 'format' && to > from) text.format(from, to - from, { bold: random.chance(0.5) || null })
  else if (what === 'embed') text.insertEmbed(from, { image: 'https://example.org/é.png' })
}

function editArray(array: Y.Array<unknown>, random: Random): void {
  const at = random.int(array.length + 1)
  if (array.length > 0 && random.chance(0.35)) {
    const from = random.int(array.length)
    array.delete(from, Math.min(array.length - from, random.between(1, 3)))
  } else {
    array.insert(
      at,
      [{ id: random.int(9), text: '🙂', nested: [1.5, null] }, -random.int(99_999), 'ü', true].slice(
        random.int(3),
      ),
    )
  }
}

function editCards(cards: Y.Map<unknown>, random: Random, mayCutPairs: boolean): void {
  const id = `card${random.int(4)}`
  const card = cards.get(id)
  if (!(card instanceof Y.Map) || random.chance(0.1)) {
    const fresh = new Y.Map<unknown>()
    fresh.set('text', new Y.Text('card 🙂'))
    cards.set(id, fresh)
    return
  }
  const what = random.weighted({ set: 5, remove: 1, text: 3, drop: 1, bytes: 1 })
  const text = card.get('text')
  if (what === 'set') card.set(random.pick(KEYS) ?? 'pos', [random.int(4_000), random.int(2_500)])
  else if (what === 'remove') card.delete(random.pick(KEYS) ?? 'pos')
  else if (what === 'bytes') card.set('bytes', new Uint8Array([1, 2, 3]))
  else if (what === 'drop') cards.delete(id)
  else if (text instanceof Y.Text) editText(text, random, mayCutPairs)
}

function editXml(xml: Y.XmlFragment, random: Random): void {
  if (xml.length > 2 && random.chance(0.4)) {
    xml.delete(random.int(xml.length), 1)
    return
  }
  const element = new Y.XmlElement('p')
  element.setAttribute('class', 'é')
  element.insert(0, [new Y.XmlText('text 🙂')])
  xml.insert(random.int(xml.length + 1), [element])
}

/**
 * One random transaction.
 *
 * @param isFlat - sequences only: no keys, no nested types
 */
export function editDocument(doc: Y.Doc, random: Random, mayCutPairs = false, isFlat = false): void {
  const { note, chat, cards, xml } = rootsOf(doc)
  doc.transact(() => {
    for (let i = random.between(1, 3); i > 0; i--) {
      const what = random.weighted({ note: 5, chat: 2, cards: isFlat ? 0 : 4, xml: isFlat ? 0 : 1 })
      if (what === 'note') editText(note, random, mayCutPairs)
      else if (what === 'chat') editArray(chat, random)
      else if (what === 'cards') editCards(cards, random, mayCutPairs)
      else editXml(xml, random)
    }
  })
}

/** An undo manager over all roots; it keeps what it may bring back from being collected. */
export function createUndo(doc: Y.Doc): Y.UndoManager {
  const { note, chat, cards, xml } = rootsOf(doc)
  return new Y.UndoManager([note, chat, cards, xml], { captureTimeout: 0 })
}

/** Some authors edit, undo and merge at random; answers their replicas and every update in the order it was made. */
export function writeTogether(
  random: Random,
  options: { authors?: number; edits?: number; mayCutPairs?: boolean; isFlat?: boolean } = {},
): { docs: Y.Doc[]; updates: Uint8Array[] } {
  const { authors = 3, edits = 60, mayCutPairs = false, isFlat = false } = options
  const updates: Uint8Array[] = []
  const docs = Array.from({ length: authors }, () => {
    const doc = new Y.Doc()
    doc.clientID = random.uint32()
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'merge') updates.push(update)
    })
    return doc
  })
  const undos = docs.map(createUndo)
  for (let i = 0; i < edits; i++) {
    const author = random.int(authors)
    const doc = docs[author]
    if (doc === undefined) continue
    if (random.chance(0.12)) undos[author]?.undo()
    else if (random.chance(0.06)) undos[author]?.redo()
    else editDocument(doc, random, mayCutPairs, isFlat)
    const other = random.pick(docs)
    if (other !== undefined && random.chance(0.25)) merge(other, doc)
  }
  return { docs, updates }
}

/** Brings `doc` what `from` has and it lacks. */
export function merge(doc: Y.Doc, from: Y.Doc): void {
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(from, Y.encodeStateVector(doc)), 'merge')
}
