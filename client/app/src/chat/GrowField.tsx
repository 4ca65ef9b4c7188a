import { type KeyboardEvent, type ReactElement, type Ref, type TextareaHTMLAttributes, useRef } from 'react'

/** What keydown reports while an input method has the keyboard, in browsers that do not set `isComposing`. */
const IME_KEY_CODE = 229

interface GrowFieldProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'value' | 'onKeyDown'> {
  readonly ref?: Ref<HTMLTextAreaElement>
  readonly value: string
  /** Enter without Shift. */
  readonly onEnter: () => void
  /** Comes before `onEnter`; `preventDefault` takes the key. Keys of an input method never come. */
  readonly onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void
}

/** A field that grows with its text. Shift+Enter breaks the line; an input method's keys are left to it. */
export function GrowField({ ref, value, onEnter, onKeyDown, ...rest }: GrowFieldProps): ReactElement {
  const composing = useRef(false)
  return (
    <div className="grow-field">
      <span className="measure" aria-hidden>{`${value}\u200b`}</span>
      <textarea
        rows={1}
        dir="auto"
        {...rest}
        ref={ref}
        value={value}
        onKeyDown={(event) => {
          if (composing.current || event.nativeEvent.isComposing || event.keyCode === IME_KEY_CODE) return
          onKeyDown?.(event)
          if (event.defaultPrevented || event.key !== 'Enter' || event.shiftKey) return
          event.preventDefault()
          onEnter()
        }}
        onCompositionStart={() => {
          composing.current = true
        }}
        onCompositionEnd={() => {
          composing.current = false
        }}
      />
    </div>
  )
}
