import { useRoom, useSelf } from '@roomful/react'
import { MAX_POINTER_MESSAGE_LENGTH } from '@roomful/shared'
import { MessageCircle } from 'lucide-react'
import { type KeyboardEvent, type ReactElement, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useBoard } from '../board/board-context.ts'
import { isField } from '../board/key-target.ts'
import { isSilenced } from '../keys/single-keys.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { Name } from '../ui/Name.tsx'
import { toast } from '../ui/toast.ts'
import { labelPlace } from './cursor-label.ts'
import type { OwnPointer } from './own-pointer.ts'

/** What was said is gone so long after the last key. */
export const MESSAGE_STAYS_MS = 5_000

/** `writing`: the field is open. `said`: Enter or a press elsewhere closed it, the words stay until their time is over. */
type Phase = 'quiet' | 'writing' | 'said'

interface CursorChatProps {
  readonly pointer: OwnPointer
  /** Nobody sees this person's cursor: they could not read what stands there either. */
  readonly isHidden: boolean
}

/** Saying something right where one points: `/` or the button opens a bubble, and everybody reads along. */
export function CursorChat({ pointer, isHidden }: CursorChatProps): ReactElement {
  const { presence } = useRoom()
  const { view } = useBoard()
  const self = useSelf()
  const [phase, setPhase] = useState<Phase>('quiet')
  const [text, setText] = useState('')
  const bubble = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const cameFrom = useRef<Element>(null)

  const open = (): void => {
    if (isHidden) {
      toast('Your cursor is hidden: show it to say something beside it')
      return
    }
    cameFrom.current = document.activeElement
    pointer.pin()
    setPhase('writing')
    field.current?.focus({ preventScroll: true })
  }
  const say = (next: string): void => {
    setText(next)
    presence.setMessage(next)
  }
  const end = (): void => {
    // only from the field itself: whoever is elsewhere by now stays there
    const hadFocus = document.activeElement === field.current
    say('')
    setPhase('quiet')
    pointer.unpin()
    if (hadFocus && cameFrom.current instanceof HTMLElement) cameFrom.current.focus({ preventScroll: true })
  }

  useEffect(() => {
    if (text === '') return
    const timer = setTimeout(end, MESSAGE_STAYS_MS)
    return () => clearTimeout(timer)
    // each text has its own five seconds
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text])
  // a room left while something was being said
  useEffect(() => () => presence.setMessage(''), [presence])

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== '/' || event.defaultPrevented || event.isComposing || isSilenced(event)) return
      if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return
      // Firefox would open its search
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })

  useLayoutEffect(() => {
    if (phase === 'quiet') return
    if (phase === 'writing') field.current?.focus({ preventScroll: true })
    const place = (): void => {
      const node = bubble.current
      const { at } = pointer
      if (node === null || at === undefined) return
      const { x, y } = labelPlace(at, { width: node.offsetWidth, height: node.offsetHeight }, view.viewport)
      node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
    }
    place()
    return pointer.subscribe(place)
  }, [phase, text, pointer, view])

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') end()
    else if (event.key === 'Enter') leave()
  }
  const leave = (): void => {
    if (text === '') {
      end()
      return
    }
    // it may be over already: the focus leaves the field then too
    setPhase((now) => (now === 'writing' ? 'said' : now))
    if (document.activeElement === field.current && cameFrom.current instanceof HTMLElement)
      cameFrom.current.focus({ preventScroll: true })
  }

  return (
    <>
      {phase !== 'quiet' && self !== undefined && (
        <div
          ref={bubble}
          className="cursor-bubble cursor-label"
          style={{ '--person': self.color }}
          data-board-control
          data-phase={phase}
        >
          <Name name={self.name} />
          {phase === 'said' ? (
            <bdi className="cursor-message">{text}</bdi>
          ) : (
            <span className="cursor-field" data-text={text || 'Say something'}>
              <input
                ref={field}
                aria-label="Say something at your cursor"
                autoComplete="off"
                size={1}
                enterKeyHint="done"
                dir="auto"
                maxLength={MAX_POINTER_MESSAGE_LENGTH}
                placeholder="Say something"
                value={text}
                onChange={(event) => say(event.currentTarget.value)}
                onKeyDown={onKeyDown}
                onBlur={() => {
                  if (phase === 'writing') leave()
                }}
              />
            </span>
          )}
        </div>
      )}
      <div className="say" data-board-control>
        <IconButton
          icon={MessageCircle}
          label="Say something at your cursor"
          hint="/"
          aria-pressed={phase === 'writing'}
          onClick={open}
        />
      </div>
    </>
  )
}

/** Where a slash is a letter, or means something to what is open. A button that still has the focus does not mind. */
function isElsewhere(target: EventTarget | null): boolean {
  return isField(target) || (target instanceof Element && target.closest('dialog, [role="dialog"]') !== null)
}
