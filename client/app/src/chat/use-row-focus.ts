import {
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { ChatRow } from './chat-rows.ts'
import { useMessageActions } from './message-actions.ts'

/** A row takes a frame or two until it can have the focus. */
const MAX_FRAMES = 60

/** Which rows are pointed at, and how the keyboard moves between them. */
export interface RowFocus {
  /** The row Tab leads to: where the focus was last, else the last message. */
  readonly tabStop: string | undefined
  readonly isActive: (key: string) => boolean
  /** Indices of rows that stay in the page out of sight: the focus or an edit is in them. */
  readonly mounted: ReadonlySet<number>
  /** Brings a row into sight and the focus onto it. */
  readonly show: (key: string, align: 'nearest' | 'center', onShown?: (row: HTMLElement) => void) => boolean
  readonly events: {
    readonly onFocus: (event: FocusEvent) => void
    readonly onBlur: (event: FocusEvent) => void
    readonly onKeyDown: (event: KeyboardEvent) => void
    readonly onPointerDown: (event: PointerEvent) => void
    readonly onPointerOver: (event: PointerEvent) => void
    readonly onPointerLeave: () => void
  }
}

interface Wanted {
  readonly key: string
  readonly onShown: ((row: HTMLElement) => void) | undefined
}

/** Arrow keys walk through the messages, Tab from one leads to its actions; Enter edits, Delete deletes an own one. */
export function useRowFocus(
  wrap: RefObject<HTMLElement | null>,
  rows: readonly ChatRow[],
  editing: string | undefined,
  toRow: (index: number, align: 'nearest' | 'center') => void,
): RowFocus {
  const actions = useMessageActions()
  const [focused, setFocused] = useState<string>()
  const [hovered, setHovered] = useState<string>()
  const [last, setLast] = useState<string>()
  const wanted = useRef<Wanted>(undefined)
  const pointer = useRef('')
  const [asked, setAsked] = useState(0)

  const stop = useMemo(() => messageIndex(rows, last) ?? lastMessage(rows), [rows, last])
  const tabStop = stop === undefined ? undefined : rows[stop]?.key
  const mounted = useMemo(() => {
    const edited = messageIndex(rows, editing)
    return new Set([stop, edited].filter((index) => index !== undefined))
  }, [rows, stop, editing])

  const show = useCallback<RowFocus['show']>(
    (key, align, onShown) => {
      const index = messageIndex(rows, key)
      if (index === undefined) return false
      wanted.current = { key, onShown }
      setLast(key)
      setAsked((count) => count + 1)
      toRow(index, align)
      return true
    },
    [rows, toRow],
  )

  // the row is in the page once it is the tab stop, and in sight once the list has measured it
  useLayoutEffect(() => {
    let frame = 0
    let tries = 0
    const focus = (): void => {
      const target = wanted.current
      if (target === undefined || target.key !== last) return
      const row = wrap.current?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(target.key)}"]`)
      row?.focus({ preventScroll: true })
      if (row && row === document.activeElement) {
        wanted.current = undefined
        target.onShown?.(row)
      } else if (tries++ < MAX_FRAMES) frame = requestAnimationFrame(focus)
    }
    focus()
    return () => cancelAnimationFrame(frame)
  }, [wrap, last, asked])

  // an edit that began elsewhere, in the composer, may be out of sight
  const editedBefore = useRef<string>(undefined)
  useLayoutEffect(() => {
    if (editing === editedBefore.current) return
    editedBefore.current = editing
    const index = messageIndex(rows, editing)
    if (index !== undefined) toRow(index, 'nearest')
  }, [rows, editing, toRow])

  const onKeyDown = (event: KeyboardEvent): void => {
    const key = rowKey(event.target)
    // only on the row itself: its buttons and its editor have keys of their own
    if (key === undefined || !isRow(event.target) || event.altKey || event.ctrlKey || event.metaKey) return
    const at = messageIndex(rows, key)
    const row = at === undefined ? undefined : rows[at]
    if (at === undefined || row?.kind !== 'message') return
    const to = destination(rows, at, event.key)
    const own = isRow(event.target) && event.target.dataset['own'] !== undefined
    if (to !== undefined) show(to, 'nearest')
    else if (own && event.key === 'Enter') actions.edit(row.message)
    else if (own && event.key === 'Delete') actions.remove(row.message)
    else return
    event.preventDefault()
  }

  return {
    tabStop,
    mounted,
    show,
    isActive: useCallback((key) => key === focused || key === hovered, [focused, hovered]),
    events: {
      onKeyDown,
      onFocus: (event) => {
        const key = rowKey(event.target)
        // a mouse that clicks is over the row anyway; a finger is not
        const shows = event.target.matches(':focus-visible') || pointer.current === 'touch'
        setFocused(shows ? key : undefined)
        if (key !== undefined) setLast(key)
      },
      onBlur: (event) => {
        if (rowKey(event.relatedTarget) === undefined) setFocused(undefined)
      },
      onPointerDown: (event) => {
        pointer.current = event.pointerType
      },
      onPointerOver: (event) => {
        // a finger hovers nowhere: a tap focuses
        if (event.pointerType !== 'touch') setHovered(rowKey(event.target))
      },
      onPointerLeave: () => setHovered(undefined),
    },
  }
}

function isRow(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && target.dataset['messageId'] !== undefined
}

function rowKey(target: EventTarget | null): string | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-message-id]') : null
  return row?.dataset['messageId']
}

/** From the end: what is looked for is nearly always new. */
function messageIndex(rows: readonly ChatRow[], key: string | undefined): number | undefined {
  if (key === undefined) return undefined
  const index = rows.findLastIndex((row) => row.kind === 'message' && row.key === key)
  return index < 0 ? undefined : index
}

function lastMessage(rows: readonly ChatRow[]): number | undefined {
  const index = rows.findLastIndex((row) => row.kind === 'message')
  return index < 0 ? undefined : index
}

function destination(rows: readonly ChatRow[], from: number, key: string): string | undefined {
  switch (key) {
    case 'ArrowUp':
      return rows.slice(0, from).findLast((row) => row.kind === 'message')?.key
    case 'ArrowDown':
      return rows.slice(from + 1).find((row) => row.kind === 'message')?.key
    case 'Home':
      return rows.find((row) => row.kind === 'message')?.key
    case 'End':
      return rows.findLast((row) => row.kind === 'message')?.key
    default:
      return undefined
  }
}
