import { IDENTITY_COLORS, MAX_NAME_LENGTH, type PresenceUser } from '@roomful/shared'
import { Check } from 'lucide-react'
import { type ReactElement, useEffect, useId, useRef, useState } from 'react'
import { ThemeButton } from '../shell/ThemeToggle.tsx'
import { useVerified } from '../door/use-verified.ts'
import { useClosePopover } from '../ui/Popover.tsx'
import '../styles/people-parts.css'
import { Avatar } from './Avatar.tsx'
import { HideMine } from './CursorToggles.tsx'
import { useIdentity } from './identity.ts'
import { OtherColor } from './OtherColor.tsx'

/** The twelve colours by name, in the palette's order. */
const COLOR_NAMES = [
  'Rose',
  'Orange',
  'Amber',
  'Olive',
  'Green',
  'Jade',
  'Teal',
  'Cyan',
  'Blue',
  'Violet',
  'Purple',
  'Pink',
]

interface ProfileFormProps {
  readonly self: PresenceUser
  /** It opened by itself, on the first visit: the focus comes along only where nobody is using it. */
  readonly isGreeting: boolean
}

/** Name and colour of oneself; every change is everywhere at once. */
export function ProfileForm({ self, isGreeting }: ProfileFormProps): ReactElement {
  const identity = useIdentity()
  const verified = useVerified()
  const close = useClosePopover()
  const [draft, setDraft] = useState(self.name)
  const id = useId()
  const field = useRef<HTMLInputElement>(null)

  useEffect(() => {
    // on a phone the focus would bring up the keyboard, over the board one came to see
    if (isGreeting && (isSomebodyBusy() || matchMedia('(pointer: coarse)').matches)) return
    field.current?.focus({ preventScroll: true })
    // at opening only
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        // taken as it is: from now on it is a chosen name
        if (isGreeting) identity.update({ name: identity.user.name })
        close()
      }}
    >
      {isGreeting && (
        <div className="greeting">
          <h2>Welcome! This is you.</h2>
          <p>Keep the name or type another; the others see it at your cursor.</p>
        </div>
      )}
      <div className="who" style={{ '--person': self.color }}>
        <Avatar userId={self.id} color={self.color} />
        <div>
          <label htmlFor={id}>Your name</label>
          <input
            id={id}
            className="field"
            ref={field}
            autoComplete="off"
            maxLength={MAX_NAME_LENGTH}
            value={verified?.name ?? draft}
            disabled={verified?.name !== undefined}
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => {
              setDraft(event.currentTarget.value)
              // an emptied field is on its way to another name, not a wish to have none
              if (event.currentTarget.value.trim() !== '')
                identity.update({ name: event.currentTarget.value })
            }}
            onBlur={() => setDraft(identity.user.name)}
          />
        </div>
      </div>
      {(verified?.name ?? verified?.color) !== undefined && (
        <p className="form-hint">
          {verified?.color === undefined ? 'Your name comes' : 'Your name and colour come'} from your sign-in.
        </p>
      )}
      <fieldset className="swatches" disabled={verified?.color !== undefined}>
        <legend>Your colour</legend>
        {IDENTITY_COLORS.map((color, index) => (
          <label key={color} className="swatch" style={{ '--person': color }} title={COLOR_NAMES[index]}>
            <input
              type="radio"
              className="sr-only"
              name={`${id}-color`}
              aria-label={COLOR_NAMES[index]}
              checked={self.color === color}
              onChange={() => identity.update({ color })}
            />
            <Check size={16} strokeWidth={2.4} aria-hidden />
          </label>
        ))}
      </fieldset>
      {!isGreeting && verified?.color === undefined && (
        <OtherColor color={self.color} onPick={(color) => identity.update({ color })} />
      )}
      {!isGreeting && <HideMine />}
      <div className="profile-foot">
        <button type="submit" className="button primary">
          {isGreeting ? 'That’s me' : 'Done'}
        </button>
        {!isGreeting && (
          <span className="phone-only">
            <ThemeButton />
          </span>
        )}
      </div>
    </form>
  )
}

/** Somebody writes somewhere or holds a button down. */
function isSomebodyBusy(): boolean {
  const { activeElement } = document
  return (
    (activeElement !== null && activeElement !== document.body) || document.querySelector(':active') !== null
  )
}
