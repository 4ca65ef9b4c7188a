import type { LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactElement } from 'react'
import { keyGlyphs } from '../keys/key-glyphs.ts'

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon
  readonly label: string
  /** A shortcut, `Mod+Z`: shown in the tooltip after the label, as the keys of this machine are labelled. */
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
      title={hint === undefined ? label : `${label} (${keyGlyphs(hint).join(' ')})`}
      className={rest.className === undefined ? 'icon-button' : `icon-button ${rest.className}`}
    >
      <Icon size={size} strokeWidth={1.8} aria-hidden />
    </button>
  )
}
