import type { Rect } from './view.ts'

/** Where a caret stands and what it has selected, in the units of the element it is measured in. */
export interface CaretBox {
  readonly caret: Rect
  readonly selected: readonly Rect[]
}

/**
 * Measures a caret over a text on the page: wrapped lines and both writing directions come out right because the browser
 * itself says where the letters are. Elements with `data-at` hold the text, each from that offset on; what stands between
 * them (marks that are not shown) belongs to the next one's beginning.
 *
 * @param frame what the result is measured from; it may be scaled
 */
export function measureCaret(
  root: HTMLElement,
  frame: HTMLElement,
  { anchor, head }: { readonly anchor: number; readonly head: number },
): CaretBox | undefined {
  const outer = frame.getBoundingClientRect()
  const scale = outer.width / frame.offsetWidth
  if (!(scale > 0)) return undefined
  const inside = (box: DOMRect): Rect => ({
    x: (box.left - outer.left) / scale,
    y: (box.top - outer.top) / scale,
    width: box.width / scale,
    height: box.height / scale,
  })
  const at = caretBox(root, head)
  if (at === undefined) return undefined
  return { caret: inside(at), selected: anchor === head ? [] : boxesBetween(root, anchor, head).map(inside) }
}

/** The caret's box on the page: without a width, as high as its line. */
function caretBox(root: HTMLElement, index: number): DOMRect | undefined {
  const place = textAt(root, index)
  if (place === undefined) return emptyLine(root)
  const { node, offset } = place
  const range = document.createRange()
  range.setStart(node, offset)
  range.collapse(true)
  // where a line wraps, one offset is the end of a line and the beginning of the next: a typed letter shows there
  const collapsed = [...range.getClientRects()].at(-1)
  if (collapsed !== undefined && collapsed.height > 0) return collapsed
  return besideLetter(range, node, offset) ?? emptyLine(root)
}

/** Some browsers give no box for an empty range: then it is an edge of the letter beside it. */
function besideLetter(range: Range, node: Text, offset: number): DOMRect | undefined {
  const isLast = offset >= node.length
  range.setStart(node, isLast ? Math.max(0, offset - 1) : offset)
  range.setEnd(node, isLast ? offset : offset + 1)
  const box = [...range.getClientRects()].at(-1)
  if (box === undefined) return undefined
  return new DOMRect(isLast ? box.right : box.left, box.top, 0, box.height)
}

/** The first line of a text that has no letter yet. */
function emptyLine(root: HTMLElement): DOMRect {
  const box = root.getBoundingClientRect()
  const style = getComputedStyle(root)
  const scale = root.offsetWidth === 0 ? 1 : box.width / root.offsetWidth
  const isRtl = style.direction === 'rtl'
  const start = Number.parseFloat(style.paddingInlineStart) * scale
  return new DOMRect(
    isRtl ? box.right - start : box.left + start,
    box.top + Number.parseFloat(style.paddingTop) * scale,
    0,
    Number.parseFloat(style.lineHeight) * scale,
  )
}

function boxesBetween(root: HTMLElement, anchor: number, head: number): readonly DOMRect[] {
  const from = textAt(root, Math.min(anchor, head))
  const to = textAt(root, Math.max(anchor, head))
  if (from === undefined || to === undefined) return []
  const range = document.createRange()
  range.setStart(from.node, from.offset)
  range.setEnd(to.node, to.offset)
  return [...range.getClientRects()].filter(({ width }) => width > 0)
}

/** The text node that holds an offset of the whole text. */
function textAt(
  root: HTMLElement,
  index: number,
): { readonly node: Text; readonly offset: number } | undefined {
  let found: { readonly node: Text; readonly offset: number } | undefined
  for (const piece of root.querySelectorAll<HTMLElement>('[data-at]')) {
    const node = piece.firstChild
    if (!(node instanceof Text)) continue
    const at = Number(piece.dataset['at'])
    if (at > index && found !== undefined) break
    found = { node, offset: Math.min(Math.max(0, index - at), node.length) }
    if (index < at + node.length) break
  }
  return found
}
