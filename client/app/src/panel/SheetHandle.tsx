import { useDrag } from '@use-gesture/react'
import type { ReactElement } from 'react'
import type { Sheet } from './use-sheet.ts'

const HEIGHT_NAMES = { low: 'low', half: 'half', full: 'full height' } as const

interface SheetHandleProps {
  readonly sheet: Sheet
}

/** The sheet's grip: pulled with a finger, stepped with a press or a key. */
export function SheetHandle({ sheet }: SheetHandleProps): ReactElement {
  const drag = useDrag(
    ({ last, tap, movement: [, y], velocity: [, speed], direction: [, way] }) => {
      if (tap) return
      if (last) sheet.release(-way * speed)
      else sheet.pull(-y)
    },
    { filterTaps: true, axis: 'y', pointer: { keys: false } },
  )()
  return (
    <button
      type="button"
      className="sheet-handle"
      aria-label={`Panel height: ${HEIGHT_NAMES[sheet.height]}. Change`}
      onClick={sheet.cycle}
      {...drag}
    />
  )
}
