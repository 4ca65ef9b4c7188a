import {
  createContext,
  type ReactElement,
  type ReactNode,
  Suspense,
  useContext,
  useEffect,
  useEffectEvent,
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
  /**
   * Turning true opens it without anybody having asked: the focus stays where it is, and any other doing closes it.
   */
  readonly opensItself?: boolean
  readonly onClosed?: () => void
}

/**
 * A button and the panel it opens. Esc, a press elsewhere, or the focus moving on close it; the focus goes into the
 * panel and, on Esc or {@link useClosePopover}, back to the button.
 */
export function Popover(props: PopoverProps): ReactElement {
  const { label, align = 'start', className, button, children, opensItself = false, onClosed } = props
  const [opening, setOpening] = useState<'no' | 'asked' | 'itself'>('no')
  const [wasOpened, setWasOpened] = useState(false)
  const id = useId()
  const anchor = useRef<HTMLDivElement>(null)
  const panel = useRef<HTMLDivElement>(null)

  if (opensItself && !wasOpened) {
    setWasOpened(true)
    setOpening('itself')
  }
  const open = opening !== 'no'

  const dismiss = (): void => {
    setOpening('no')
    onClosed?.()
  }
  const close = (): void => {
    dismiss()
    // the focus goes back to where it came from: to nothing, when nobody pressed the button
    if (opening === 'asked') anchor.current?.querySelector<HTMLElement>('button')?.focus()
    else if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  }
  const onElsewhere = useEffectEvent((event: Event) => {
    if (event.target instanceof Node && !anchor.current?.contains(event.target)) dismiss()
  })

  useEffect(() => {
    if (opening === 'no') return
    // contents with a field of their own have taken the focus by now
    if (opening === 'asked' && !panel.current?.contains(document.activeElement))
      panel.current?.focus({ preventScroll: true })
    const types = opening === 'itself' ? ['pointerdown', 'wheel', 'keydown'] : ['pointerdown']
    const listener = (event: Event): void => onElsewhere(event)
    // capture: the board stops pointer events it uses
    for (const type of types) document.addEventListener(type, listener, { capture: true, passive: true })
    return () => {
      for (const type of types) document.removeEventListener(type, listener, true)
    }
  }, [opening])

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
        if (open && next instanceof Node && !event.currentTarget.contains(next)) dismiss()
      }}
    >
      {button({
        'aria-haspopup': 'dialog',
        'aria-expanded': open,
        'aria-controls': id,
        onClick: () => (open ? dismiss() : setOpening('asked')),
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
