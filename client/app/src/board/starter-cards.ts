import { LOCAL_ORIGIN } from '@roomful/provider'
import { parseCard, roomDoc } from '@roomful/shared'
import * as Y from 'yjs'

/**
 * Who wrote the first starter cards, as far as Yjs is concerned; each further set has the next number. Whoever changes
 * {@link FIRST_SET} must begin at another number: the same id must never mean two things.
 */
const FIRST_CLIENT_ID = 1_920_100_000

/** The first set as the bytes of an update: the same in every browser and version, so that a second copy is no change. */
const FIRST_SET =
  'ASCgzcmTBwAnAQVjYXJkcwtzdGFydGVyLTAtMAEoAKDNyZMHAANwb3MBdQJ9iBd9gA8oAKDNyZMHAARzaXplAXUCfYAFfbgCJwCg' +
  'zcmTBwAEdGV4dAIEAKDNyZMHA0ZXZWxjb21lCkV2ZXJ5Ym9keSBpbiB0aGlzIHJvb20gc2VlcyB3aGF0IHlvdSBkbyBoZXJlLCB3' +
  'aGlsZSB5b3UgZG8gaXQuKACgzcmTBwAFY29sb3IBdwNza3koAKDNyZMHAAVvcmRlcgF3AmEwKACgzcmTBwAJY3JlYXRlZEJ5AXcA' +
  'JwEFY2FyZHMLc3RhcnRlci0wLTEBKACgzcmTB00DcG9zAXUCfYQdfaIOKACgzcmTB00Ec2l6ZQF1An2ABX2UAycAoM3JkwdNBHRl' +
  'eHQCBACgzcmTB1BMVHJ5IGl0CkRyYWcgbWUuIERvdWJsZS1jbGljayBtZSBhbmQgd3JpdGUuClByZXNzIGBOYCBmb3IgYSBjYXJk' +
  'IG9mIHlvdXIgb3duLigAoM3JkwdNBWNvbG9yAXcEc2FuZCgAoM3JkwdNBW9yZGVyAXcCYTEoAKDNyZMHTQljcmVhdGVkQnkBdwAn' +
  'AQVjYXJkcwtzdGFydGVyLTAtMgEoAKDNyZMHoAEDcG9zAXUCfZgYfYQTKACgzcmTB6ABBHNpemUBdQJ9gAV9lAMnAKDNyZMHoAEE' +
  'dGV4dAIEAKDNyZMHowFpT2ZmbGluZSBpcyBmaW5lCkVkaXQgb24gdGhlIHRyYWluLCBtZXJnZSBhdCB0aGUgc3RhdGlvbi4gKk5v' +
  'dGhpbmcqIGdldHMgbG9zdC4KCuKYkSBjYXJkcyDimJEgY2hhdCDimJAgeW91KACgzcmTB6ABBWNvbG9yAXcEbWludCgAoM3Jkweg' +
  'AQVvcmRlcgF3AmEyKACgzcmTB6ABCWNyZWF0ZWRCeQF3ACcBBWNhcmRzC3N0YXJ0ZXItMC0zASgAoM3JkweKAgNwb3MBdQJ9lB59' +
  'jhMoAKDNyZMHigIEc2l6ZQF1An2ABX24AicAoM3JkweKAgR0ZXh0AgQAoM3JkweNAkdCZXR0ZXIgdG9nZXRoZXIKT3BlbiBhIHNl' +
  'Y29uZCB3aW5kb3csIG9yIHByZXNzIFNoYXJlIGFuZCBzZW5kIHRoZSBsaW5rLigAoM3JkweKAgVjb2xvcgF3BWxpbGFjKACgzcmT' +
  'B4oCBW9yZGVyAXcCYTMoAKDNyZMHigIJY3JlYXRlZEJ5AXcAAA=='

/**
 * Puts the starter cards on the board. However many people do so at once, there is one set: everybody writes the same
 * bytes. Where that set was here before and is deleted, it is the next one, which is as constant.
 *
 * @example addStarterCards(room.doc)
 */
export function addStarterCards(doc: Y.Doc): void {
  Y.applyUpdate(doc, starterUpdate(nextSet(doc)), LOCAL_ORIGIN)
}

/** How many sets a document has had, deleted ones too: Yjs forgets no author. */
export function nextSet(doc: Y.Doc): number {
  let set = 0
  while (Y.getState(doc.store, FIRST_CLIENT_ID + set) > 0) set++
  return set
}

/** The bytes of a set of starter cards: a pure function of its number. */
export function starterUpdate(set: number): Uint8Array {
  const first = Uint8Array.from(atob(FIRST_SET), (letter) => letter.charCodeAt(0))
  if (set === 0) return first
  const source = new Y.Doc()
  Y.applyUpdate(source, first)
  const copy = new Y.Doc()
  copy.clientID = FIRST_CLIENT_ID + set
  copy.transact(() => {
    for (const [place, [id, value]] of [...roomDoc(source).cards.entries()].entries()) {
      const card = parseCard(id, value)
      if (card === undefined) continue
      const { pos, size, text, color, order, createdBy } = card
      const fields = { pos: [...pos], size: [...size], text: text.clone(), color, order, createdBy }
      roomDoc(copy).cards.set(`starter-${set}-${place}`, new Y.Map<unknown>(Object.entries(fields)))
    }
  })
  return Y.encodeStateAsUpdate(copy)
}
