import type { ReactElement } from 'react'

interface CursorArrowProps {
  readonly color: string
}

/** The arrow of a person's cursor, its tip at 1/1. */
export function CursorArrow({ color }: CursorArrowProps): ReactElement {
  return (
    <svg width="20" height="22" viewBox="0 0 20 22">
      <path
        d="M2 1.5 17.5 9.3a.9.9 0 0 1-.1 1.65l-6.3 2.15-3.1 6.1a.9.9 0 0 1-1.65-.12L1.2 2.6A.85.85 0 0 1 2 1.5Z"
        fill={color}
        stroke="#fff"
        strokeWidth="1.5"
      />
    </svg>
  )
}
