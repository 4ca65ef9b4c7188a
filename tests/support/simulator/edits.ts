import { CARD_COLORS } from '@roomful/shared'
import * as Y from 'yjs'
import type { Random } from '../random.ts'

/** Roots of the simulated documents: the room's own four, and one of every other kind an editor may bring. */
export const SIM_ROOTS = {
  note: (doc: Y.Doc) => doc.getText('note'),
  rich: (doc: Y.Doc) => doc.getText('rich'),
  chat: (doc: Y.Doc) => doc.getArray('chat'),
  cards: (doc: Y.Doc) => doc.getMap('cards'),
  meta: (doc: Y.Doc) => doc.getMap('meta'),
  list: (doc: Y.Doc) => doc.getArray('list'),
  tree: (doc: Y.Doc) => doc.getXmlFragment('tree'),
} as const

const WORDS = ['a', 'bc', 'the ', 'Übung ', '\n', '日本', '😀', '👩‍👩‍👧', 'x😀y', 'lorem ipsum ', '0']
/** Documents stay this small, so that thousands of histories fit into a minute. */
const MAX_TEXT = 160
const MAX_ITEMS = 14

/** An undo manager over everything that is not the chat; steps end where the simulator says so, not by the machine's time. */
export function createUndoManager(doc: Y.Doc): Y.UndoManager {
  const { note, rich, cards, list, tree } = SIM_ROOTS
  return new Y.UndoManager([note(doc), rich(doc), cards(doc), list(doc), tree(doc)], { captureTimeout: 1e15 })
}

/** Makes the roots known to a document, as an app does at its start. */
export function openRoots(doc: Y.Doc): void {
  for (const open of Object.values(SIM_ROOTS)) open(doc)
}

/**
 * One honest edit of a person in one document; never cuts inside a surrogate pair (Yjs itself diverges then).
 *
 * @returns what was done, for people.
 */
export function edit(doc: Y.Doc, random: Random): string {
  const kind = random.weighted({ note: 8, rich: 6, chat: 4, cards: 8, meta: 2, list: 4, tree: 4 })
  switch (kind) {
    case 'note':
      return `note ${editText(SIM_ROOTS.note(doc), random, false)}`
    case 'rich':
      return `rich ${editText(SIM_ROOTS.rich(doc), random, true)}`
    case 'chat':
      return editChat(SIM_ROOTS.chat(doc), random, doc.clientID)
    case 'cards':
      return editCards(SIM_ROOTS.cards(doc), random, doc.clientID)
    case 'meta':
      SIM_ROOTS.meta(doc).set(random.pick(['title', 'schema']) ?? 'title', random.int(100))
      return 'meta set'
    case 'list':
      return editList(SIM_ROOTS.list(doc), random)
    case 'tree':
      return editTree(SIM_ROOTS.tree(doc), random)
  }
}

/** A text as UTF-16 units, embeds as one unit each. */
function unitsOf(text: Y.Text): string {
  let units = ''
  for (const { insert } of text.toDelta()) units += typeof insert === 'string' ? insert : '\uFFFC'
  return units
}

/** An offset of `units` at which no surrogate pair is cut. */
function boundary(units: string, random: Random): number {
  const at = random.int(units.length + 1)
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(units.slice(at - 1, at + 1)) ? at + 1 : at
}

function rangeOf(units: string, random: Random): [from: number, length: number] {
  const a = boundary(units, random)
  const b = boundary(units, random)
  const from = Math.min(a, b)
  return [from, Math.abs(a - b)]
}

function editText(text: Y.Text, random: Random, rich: boolean): string {
  const units = unitsOf(text)
  if (units.length > MAX_TEXT || (units.length > 0 && random.chance(0.25))) {
    const [from, length] = rangeOf(units, random)
    text.delete(from, length)
    return `delete ${from}+${length}`
  }
  if (rich && units.length > 0 && random.chance(0.4)) {
    const [from, length] = rangeOf(units, random)
    const name = random.pick(['bold', 'italic', 'color']) ?? 'bold'
    const value = random.pick([true, null, 'red']) ?? null
    text.format(from, length, { [name]: value })
    return `format ${from}+${length} ${name}=${String(value)}`
  }
  const at = boundary(units, random)
  if (rich && random.chance(0.15)) {
    text.insertEmbed(at, { image: random.int(9) })
    return `embed ${at}`
  }
  const word = random.pick(WORDS) ?? 'a'
  if (rich && random.chance(0.4)) text.insert(at, word, random.chance(0.5) ? { bold: true } : {})
  else text.insert(at, word)
  return `insert ${at} ${JSON.stringify(word)}`
}

function editChat(chat: Y.Array<unknown>, random: Random, clientID: number): string {
  const id = `${clientID}-${random.uint32()}`
  const message = {
    id,
    userId: `user-${clientID}`,
    name: 'Sim',
    color: '#ca4459',
    text: `hi ${random.int(99)}`,
    sentAt: 1,
  }
  if (chat.length > 0 && (chat.length > MAX_ITEMS || random.chance(0.3))) {
    const at = random.int(chat.length)
    chat.delete(at, 1)
    if (random.chance(0.5)) {
      chat.insert(at, [{ ...message, editedAt: 2 }])
      return `chat edit ${at}`
    }
    return `chat delete ${at}`
  }
  chat.push([message])
  return 'chat push'
}

function editCards(cards: Y.Map<unknown>, random: Random, clientID: number): string {
  const ids = [...cards.keys()].toSorted()
  const id = random.pick(ids)
  const card = id === undefined ? undefined : cards.get(id)
  if (id === undefined || !(card instanceof Y.Map) || (ids.length < MAX_ITEMS && random.chance(0.25))) {
    // a few names are shared, so that people make the same card at once
    const name = random.chance(0.3) ? `card-${random.int(3)}` : `card-${clientID}-${random.int(1000)}`
    const fresh = new Y.Map<unknown>()
    fresh.set('pos', [random.int(4000), random.int(2500)])
    fresh.set('size', [200, 120])
    fresh.set('text', new Y.Text(random.pick(WORDS)))
    fresh.set('color', random.pick(CARD_COLORS) ?? 'sand')
    fresh.set('order', `a${random.int(9)}`)
    fresh.set('createdBy', `user-${clientID}`)
    cards.set(name, fresh)
    return `card ${name} made`
  }
  if (random.chance(0.15) || ids.length > MAX_ITEMS) {
    cards.delete(id)
    return `card ${id} deleted`
  }
  const text: unknown = card.get('text')
  if (text instanceof Y.Text && random.chance(0.4)) return `card ${id} text ${editText(text, random, false)}`
  if (random.chance(0.2)) {
    card.delete('color')
    return `card ${id} color deleted`
  }
  const steps = random.between(1, 6)
  for (let step = 0; step < steps; step++) card.set('pos', [random.int(4000), random.int(2500)])
  return `card ${id} moved ${steps} times`
}

function editList(list: Y.Array<unknown>, random: Random): string {
  if (list.length > 0 && (list.length > MAX_ITEMS || random.chance(0.3))) {
    const at = random.int(list.length)
    const length = random.between(1, Math.min(3, list.length - at))
    list.delete(at, length)
    return `list delete ${at}+${length}`
  }
  const inner: unknown = list.get(random.int(list.length))
  if (inner instanceof Y.Array && random.chance(0.7)) return `inner ${editList(inner, random)}`
  if (inner instanceof Y.Map && random.chance(0.7)) {
    const key = random.pick(['a', 'b', 'c']) ?? 'a'
    if (random.chance(0.2)) inner.delete(key)
    else inner.set(key, random.chance(0.3) ? new Y.Array() : random.int(9))
    return `list map ${key}`
  }
  const at = random.int(list.length + 1)
  switch (random.int(5)) {
    case 0:
      list.insert(at, [new Y.Array()])
      break
    case 1:
      list.insert(at, [new Y.Map()])
      break
    case 2:
      list.insert(at, [Uint8Array.of(1, 2, random.int(256))])
      break
    default:
      list.insert(
        at,
        [random.int(99), 'text', null, { deep: [random.int(9)] }].slice(0, random.between(1, 4)),
      )
  }
  return `list insert ${at}`
}

function editTree(tree: Y.XmlFragment, random: Random): string {
  const children = tree.toArray()
  const child = random.pick(children)
  if (child !== undefined && (children.length > MAX_ITEMS || random.chance(0.2))) {
    tree.delete(children.indexOf(child), 1)
    return 'tree delete'
  }
  if (child instanceof Y.XmlElement && random.chance(0.6)) {
    if (random.chance(0.4)) {
      const name = random.pick(['class', 'href']) ?? 'class'
      if (random.chance(0.25)) child.removeAttribute(name)
      else child.setAttribute(name, String(random.int(9)))
      return `tree attribute ${name}`
    }
    return `inner ${editTree(child, random)}`
  }
  if (child instanceof Y.XmlText && random.chance(0.6)) return `tree text ${editText(child, random, true)}`
  const fresh = random.chance(0.5)
    ? new Y.XmlElement(random.pick(['p', 'h1']) ?? 'p')
    : new Y.XmlText(random.pick(WORDS) ?? 'a')
  tree.insert(random.int(children.length + 1), [fresh])
  return 'tree insert'
}
