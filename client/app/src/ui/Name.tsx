import { cleanName } from '@roomful/shared'
import type { ReactElement } from 'react'

interface NameProps {
  readonly name: string
  readonly className?: string
}

/** A person's name: as text, cleaned, isolated from the direction of what stands around it. */
export function Name({ name, className }: NameProps): ReactElement {
  const shown = cleanName(name) || 'Guest'
  return (
    <bdi className={className} title={shown}>
      {shown}
    </bdi>
  )
}
