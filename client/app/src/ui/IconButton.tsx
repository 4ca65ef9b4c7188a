import type { LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactElement } from 'react'

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon
  readonly label: string
  /** Shown in the tooltip after the label. */
  readonly hint?: string
  readonly size?: number
}

/** A button that is a picture; its name is spoken and shown as a tooltip. */
export function IconButton({ icon: Icon, label, hint, size = 18, ...rest }: IconButtonProps): ReactElement {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={hint === undefined ? label : `${label} (${hint})`}
      className={rest.className === undefined ? 'icon-button' : `icon-button ${rest.className}`}
    >
      <Icon size={size} strokeWidth={1.8} aria-hidden />
    </button>
  )
}
