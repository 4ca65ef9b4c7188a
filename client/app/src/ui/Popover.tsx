import {
  createContext,
  type ReactElement,
  type ReactNode,
  Suspense,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'

const CloseContext = createContext<() => void>(() => {})

/** Closes the popover this is in, the focus going back to its button. */
export function useClosePopover(): () => void {
  return useContext(CloseContext)
}

/** What the button of a popover gets; spread it on a `<button>`. */
export interface PopoverButton {
  readonly 'aria-haspopup': 'dialog'
  readonly 'aria-expanded': boolean
  readonly 'aria-controls': string
  readonly onClick: () => void
}

interface PopoverProps {
  readonly label: string
  readonly align?: 'start' | 'end'
  readonly className?: string
  readonly button: (props: PopoverButton) => ReactElement
  readonly children: ReactNode
}

/**
 * A button and the panel it opens. Esc, a press elsewhere, or the focus moving on close it; the focus goes into the
 * panel and, on Esc or {@link useClosePopover}, back to the button.
 */
export function Popover({ label, align = 'start', className, button, children }: PopoverProps): ReactElement {
  const [open, setOpen] = useState(false)
  const id = useId()
  const anchor = useRef<HTMLDivElement>(null)
  const panel = useRef<HTMLDivElement>(null)

  const close = (): void => {
    setOpen(false)
    anchor.current?.querySelector<HTMLElement>('button')?.focus()
  }

  useEffect(() => {
    if (!open) return
    // contents with a field of their own take the focus with `autoFocus`
    if (!panel.current?.contains(document.activeElement)) panel.current?.focus({ preventScroll: true })
    const onPointerDown = (event: PointerEvent): void => {
      if (event.target instanceof Node && !anchor.current?.contains(event.target)) setOpen(false)
    }
    // capture: the board stops pointer events it uses
    document.addEventListener('pointerdown', onPointerDown, true)
    return () => document.removeEventListener('pointerdown', onPointerDown, true)
  }, [open])

  return (
    <div
      ref={anchor}
      className="popover-anchor"
      onKeyDown={(event) => {
        if (!open || event.key !== 'Escape') return
        event.stopPropagation()
        close()
      }}
      onBlur={(event) => {
        const next = event.relatedTarget
        if (open && next instanceof Node && !event.currentTarget.contains(next)) setOpen(false)
      }}
    >
      {button({
        'aria-haspopup': 'dialog',
        'aria-expanded': open,
        'aria-controls': id,
        onClick: () => setOpen(!open),
      })}
      {open && (
        <div
          ref={panel}
          id={id}
          role="dialog"
          aria-label={label}
          tabIndex={-1}
          data-align={align}
          className={className ? `popover ${className}` : 'popover'}
        >
          <CloseContext value={close}>
            <Suspense>{children}</Suspense>
          </CloseContext>
        </div>
      )}
    </div>
  )
}
