import { type PointerEvent, type ReactElement, useRef } from 'react'
import type { Sheet } from './use-sheet.ts'

const HEIGHT_NAMES = { low: 'low', half: 'half', full: 'full height' } as const
/** Less than this is a press, in pixels. */
const THRESHOLD_PX = 6

interface SheetHandleProps {
  readonly sheet: Sheet
}

interface Pull {
  readonly from: number
  lastY: number
  lastAt: number
  /** Pixels per ms, up is positive. */
  velocity: number
  moved: boolean
}

/** The sheet's grip: pulled with a finger, stepped with a press or a key. */
export function SheetHandle({ sheet }: SheetHandleProps): ReactElement {
  const pull = useRef<Pull>(undefined)

  const onMove = (event: PointerEvent): void => {
    const now = pull.current
    if (now === undefined) return
    const up = now.from - event.clientY
    if (!now.moved && Math.abs(up) < THRESHOLD_PX) return
    const elapsed = event.timeStamp - now.lastAt
    pull.current = {
      from: now.from,
      lastY: event.clientY,
      lastAt: event.timeStamp,
      velocity: elapsed > 0 ? (now.lastY - event.clientY) / elapsed : now.velocity,
      moved: true,
    }
    sheet.pull(up)
  }

  return (
    <button
      type="button"
      className="sheet-handle"
      aria-label={`Panel height: ${HEIGHT_NAMES[sheet.height]}. Change`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        const { clientY: y, timeStamp } = event
        pull.current = { from: y, lastY: y, lastAt: timeStamp, velocity: 0, moved: false }
      }}
      onPointerMove={onMove}
      onPointerUp={() => {
        if (pull.current?.moved) sheet.release(pull.current.velocity)
      }}
      onPointerCancel={() => {
        if (pull.current?.moved) sheet.release(0)
        pull.current = undefined
      }}
      onClick={() => {
        // the click that ends a pull is none
        if (!pull.current?.moved) sheet.cycle()
        pull.current = undefined
      }}
    />
  )
}
