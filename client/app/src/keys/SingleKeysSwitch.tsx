import { type ReactElement, useId, useSyncExternalStore } from 'react'
import { singleKeys } from './single-keys.ts'

/** Turns keys of one character on and off. */
export function SingleKeysSwitch(): ReactElement {
  const isOn = useSyncExternalStore(singleKeys.subscribe, singleKeys.isOn)
  const id = useId()
  return (
    <div className="switch-row">
      <button
        type="button"
        role="switch"
        className="keys-switch"
        aria-checked={isOn}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-text`}
        onClick={() => singleKeys.set(!isOn)}
      >
        <span className="keys-switch-track" />
      </button>
      <div>
        <b id={`${id}-label`}>Single-key shortcuts</b>
        <p id={`${id}-text`}>
          {isOn
            ? 'On. Turn them off when a screen reader or speech input presses them by accident.'
            : 'Off. Shortcuts with Ctrl or ⌘ go on working.'}
        </p>
      </div>
    </div>
  )
}
