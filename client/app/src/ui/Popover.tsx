import {
  createContext,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
} from 'react'
import { nextTabStop } from './tab-stops.ts'

const CloseContext = createContext<() => void>(() => {})

/** Closes the popover this is in, the focus going back to its button. */
export function useClosePopover(): () => void {
  return useContext(CloseContext)
}

/** What the button of a popover gets; spread it on a `<button>`. */
export interface PopoverButton {
  readonly 'aria-haspopup': 'dialog'
  readonly 'aria-expanded': boolean
  readonly 'aria-controls': string | undefined
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
 * A button and the panel it opens. The focus goes into the panel, Tab goes round in it; Esc and {@link useClosePopover}
 * close it and give the focus back to the button, a press elsewhere closes it and leaves the focus where the press put it.
 * The page behind stays usable: what must be answered first is a `Dialog`.
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

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open || event.defaultPrevented) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      close()
    } else if (event.key === 'Tab' && opening === 'asked' && panel.current !== null) {
      // one that opened by itself is left with Tab as the page goes on
      const next = nextTabStop(panel.current, event.shiftKey)
      if (next === undefined) return
      event.preventDefault()
      next.focus()
    }
  }

  return (
    <div
      ref={anchor}
      className="popover-anchor"
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        const next = event.relatedTarget
        if (open && next instanceof Node && !event.currentTarget.contains(next)) dismiss()
      }}
    >
      {button({
        'aria-haspopup': 'dialog',
        'aria-expanded': open,
        'aria-controls': open ? id : undefined,
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
          <CloseContext value={close}>{children}</CloseContext>
        </div>
      )}
    </div>
  )
}
