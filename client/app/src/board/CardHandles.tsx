import type { ReactElement } from 'react'
import { HANDLES } from './card-resize.ts'

/** Handles on the sides and corners of a selected card. For keys it is Alt and the arrows. */
export function CardHandles(): ReactElement {
  return (
    <div className="card-handles" aria-hidden>
      {HANDLES.map((handle) => (
        <i key={handle} data-resize={handle} />
      ))}
    </div>
  )
}
