import { IDENTITY_COLORS } from '@roomful/shared'
import { type ReactElement, useEffect, useEffectEvent, useRef } from 'react'

interface OtherColorProps {
  readonly color: string
  readonly onPick: (color: string) => void
}

/** A colour of one's own, by the system's picker; it comes out as light or dark as people's colours are. */
export function OtherColor({ color, onPick }: OtherColorProps): ReactElement {
  const field = useRef<HTMLInputElement>(null)
  const pick = useEffectEvent((picked: string) => onPick(picked))
  useEffect(() => {
    const node = field.current
    if (node === null) return
    const onChange = (): void => pick(node.value)
    // React's onChange is `input`: every step of a drag through the picker would be told to everybody
    node.addEventListener('change', onChange)
    return () => node.removeEventListener('change', onChange)
  }, [])
  const isOwn = !IDENTITY_COLORS.some((known) => known === color)
  return (
    <label className="other-color" data-chosen={isOwn ? '' : undefined}>
      <input ref={field} type="color" defaultValue={color} aria-label="Another colour" />
      Another colour…
    </label>
  )
}
