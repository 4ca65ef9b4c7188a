import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { ScrollToIndexAlign, VListHandle } from 'virtua'
import type { ChatRow } from './chat-rows.ts'

/** Nearer to the end than this counts as being there. */
const BOTTOM_PX = 48

/** Where the list stands, and how to move it. */
export interface ListScroll {
  readonly list: RefObject<VListHandle | null>
  /** The rows as they were when the reader left the end; `undefined` at the end. */
  readonly left: readonly ChatRow[] | undefined
  readonly onScroll: (offset: number) => void
  readonly onResize: () => void
  readonly toEnd: () => void
  readonly toRow: (index: number, align: ScrollToIndexAlign) => void
}

interface Anchor {
  readonly index: number
  readonly key: string
  /** How much of the row is out of sight, in pixels. */
  readonly above: number
}

/**
 * Keeps the reader's place: who is at the end stays at the end, one's own message leads there, and who reads further up
 * is not moved by what comes below or, as when an offline friend returns, above.
 *
 * @param hasOwn whether a message of one's own came with these rows; asked once for each new `rows`
 */
export function useListScroll(rows: readonly ChatRow[], hasOwn: () => boolean): ListScroll {
  const list = useRef<VListHandle>(null)
  const atEnd = useRef(true)
  const anchor = useRef<Anchor>(undefined)
  const shown = useRef(rows)
  const [left, setLeft] = useState<readonly ChatRow[]>()

  const toEnd = useCallback(() => {
    atEnd.current = true
    setLeft(undefined)
    list.current?.scrollToIndex(shown.current.length - 1, { align: 'end' })
  }, [])

  const toRow = useCallback((index: number, align: ScrollToIndexAlign) => {
    atEnd.current = false
    list.current?.scrollToIndex(index, { align })
  }, [])

  useLayoutEffect(() => {
    shown.current = rows
    const own = hasOwn()
    if (atEnd.current || own) {
      toEnd()
      return
    }
    const kept = anchor.current
    if (kept === undefined || rows[kept.index]?.key === kept.key) return
    const index = rows.findIndex((row) => row.key === kept.key)
    if (index >= 0) list.current?.scrollToIndex(index, { align: 'start', offset: kept.above })
  }, [rows, hasOwn, toEnd])

  const onScroll = useCallback((offset: number) => {
    const handle = list.current
    if (handle === null) return
    atEnd.current = offset + handle.viewportSize >= handle.scrollSize - BOTTOM_PX
    const end = atEnd.current
    setLeft((before) => (end ? undefined : (before ?? shown.current)))
    const index = handle.findItemIndex(offset)
    const row = shown.current[index]
    anchor.current = row && { index, key: row.key, above: offset - handle.getItemOffset(index) }
  }, [])

  // rows, or the window around them, got another height: the end stays the end
  const onResize = useCallback(() => {
    if (atEnd.current) list.current?.scrollToIndex(shown.current.length - 1, { align: 'end' })
  }, [])

  return { list, left, onScroll, onResize, toEnd, toRow }
}
