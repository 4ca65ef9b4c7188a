import type { ReactElement } from 'react'
import '../styles/switch.css'

interface SwitchProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

/** Something that is on or off at once, without a button to confirm it. */
export function Switch({ label, isOn, onChange }: SwitchProps): ReactElement {
  return (
    <button
      type="button"
      role="switch"
      className="setting"
      aria-checked={isOn}
      onClick={() => onChange(!isOn)}
    >
      {label}
      <i aria-hidden />
    </button>
  )
}
