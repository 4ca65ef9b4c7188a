import { IDENTITY_COLORS, MAX_NAME_LENGTH, type PresenceUser } from '@roomful/shared'
import { Check } from 'lucide-react'
import { type ReactElement, useId, useState } from 'react'
import { ThemeButton } from '../shell/ThemeToggle.tsx'
import { useClosePopover } from '../ui/Popover.tsx'
import { Avatar } from './Avatar.tsx'
import { useIdentity } from './identity.ts'

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
}

/** Name and colour of oneself; every change is everywhere at once. */
export function ProfileForm({ self }: ProfileFormProps): ReactElement {
  const identity = useIdentity()
  const close = useClosePopover()
  const [draft, setDraft] = useState(self.name)
  const id = useId()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        close()
      }}
    >
      <div className="who" style={{ '--person': self.color }}>
        <Avatar userId={self.id} color={self.color} />
        <div>
          <label htmlFor={id}>Your name</label>
          <input
            id={id}
            className="field"
            autoFocus
            autoComplete="off"
            maxLength={MAX_NAME_LENGTH}
            value={draft}
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
      <fieldset className="swatches">
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
      <div className="profile-foot">
        <button type="submit" className="button primary">
          Done
        </button>
        <span className="phone-only">
          <ThemeButton />
        </span>
      </div>
    </form>
  )
}
