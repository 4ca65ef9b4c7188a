import type { ReactElement } from 'react'

interface LogoProps {
  readonly size: number
}

/** Three people in one place. */
export function Logo({ size }: LogoProps): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 26 26" aria-hidden>
      <circle cx="9.5" cy="10" r="6.5" fill="#4f46e5" />
      <circle cx="17" cy="12" r="6" fill="#ca4459" fillOpacity=".88" />
      <circle cx="11.5" cy="17.5" r="5.5" fill="#00855f" fillOpacity=".85" />
    </svg>
  )
}
