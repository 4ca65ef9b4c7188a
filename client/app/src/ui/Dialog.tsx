import { type ReactElement, type ReactNode, useLayoutEffect, useRef } from 'react'
import '../styles/keys.css'

interface DialogProps {
  readonly label: string
  readonly className?: string
  /** Esc, a press beside it, or its owner's wish. */
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * A modal dialog for as long as it is rendered. The platform's own: it keeps the focus inside, makes the rest of the page
 * inert, and gives the focus back to where it was. Contents must not use `autoFocus`, which comes before the dialog could
 * remember that place; the first control gets the focus.
 *
 * @example {open && <Dialog label="Keyboard shortcuts" onClose={() => setOpen(false)}>…</Dialog>}
 */
export function Dialog({ label, className, onClose, children }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null)

  useLayoutEffect(() => {
    const node = dialog.current
    node?.showModal()
    // still in the page here: only then the focus goes back
    return () => node?.close()
  }, [])

  return (
    <dialog
      ref={dialog}
      aria-label={label}
      className={className === undefined ? 'dialog' : `dialog ${className}`}
      onClose={(event) => {
        // StrictMode closes and opens it again before the event comes
        if (!event.currentTarget.open) onClose()
      }}
      // a press, not a click: a selection of text may end outside
      onPointerDown={(event) => {
        if (event.target === event.currentTarget && isBeside(event)) onClose()
      }}
      // nothing behind it hears its keys
      onKeyDown={(event) => event.stopPropagation()}
    >
      {children}
    </dialog>
  )
}

interface Press {
  readonly clientX: number
  readonly clientY: number
  readonly currentTarget: Element
}

/** The backdrop is the dialog's own element, outside its box. */
function isBeside({ clientX: x, clientY: y, currentTarget }: Press): boolean {
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect()
  return x < left || x > right || y < top || y > bottom
}
