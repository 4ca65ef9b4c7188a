import { Eye } from 'lucide-react'
import type { ReactElement } from 'react'
import '../styles/door.css'

/** Where something would be written, for those who may only read. */
export function ReadOnlyLine(): ReactElement {
  return (
    <p className="read-only-line">
      <Eye size={15} strokeWidth={1.8} aria-hidden />
      <span>You can read this chat, but not write in it.</span>
    </p>
  )
}
