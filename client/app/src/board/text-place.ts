import type { TextPlace } from '@roomful/shared'
import * as Y from 'yjs'

/** Held by the letter before it: what somebody else types at the caret comes behind it, as in the field. */
export function placeAt(text: Y.Text, index: number): TextPlace {
  const place: TextPlace = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, index, -1))
  return place
}

/** Where a place is in a text now; `undefined` when it is in another text, or at a letter that has not come yet. */
export function absolutePlace(text: Y.Text, place: TextPlace): number | undefined {
  if (text.doc === null) return undefined
  const relative = Y.createRelativePositionFromJSON(place)
  const absolute = Y.createAbsolutePositionFromRelativePosition(relative, text.doc, false)
  return absolute?.type === text ? absolute.index : undefined
}
