import * as Y from 'yjs'

/** A place in a text, both counted from 1; `column` in UTF-16 units, as editors count. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

/**
 * Where a caret stands that an editor binding put into an awareness state (`cursor: {anchor, head}`, relative
 * positions as y-codemirror, y-monaco and y-quill write them): the index of its head in `text`, or `undefined` where there is no caret in this
 * text. Anybody may have written anything there.
 *
 * @example const index = caretIndex(awareness.getStates().get(clientId), note)
 */
export function caretIndex(state: unknown, text: Y.Text): number | undefined {
  const head = field(field(state, 'cursor'), 'head')
  if (text.doc === null || typeof head !== 'object' || head === null) return undefined
  try {
    const relative = Y.createRelativePositionFromJSON(head)
    // Yjs makes any root that it is asked for
    if (relative.tname !== null && !text.doc.share.has(relative.tname)) return undefined
    const absolute = Y.createAbsolutePositionFromRelativePosition(relative, text.doc)
    return absolute?.type === text ? Math.min(absolute.index, text.length) : undefined
  } catch {
    // not a relative position: a foreign client's own idea of a cursor
    return undefined
  }
}

/**
 * Finds lines and columns of indices.
 *
 * @example createPlaces('one\ntwo')(5) // { line: 2, column: 2 }
 */
export function createPlaces(text: string): (index: number) => TextPlace {
  const starts = [0]
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return (index) => {
    let low = 0
    let high = starts.length
    // the last line that starts at or before the index
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= index) low = middle
      else high = middle
    }
    return { line: low + 1, column: index - (starts[low] ?? 0) + 1 }
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
