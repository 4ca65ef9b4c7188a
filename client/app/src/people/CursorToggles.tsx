import type { ReactElement } from 'react'
import { cursorPreferences, useCursorPreferences } from '../cursors/cursor-preferences.ts'
import { Switch } from '../ui/Switch.tsx'

/** The two switches about cursors; kept on this device. */
export function CursorToggles(): ReactElement {
  return (
    <div className="cursor-toggles">
      <HideOthers />
      <HideMine />
    </div>
  )
}

function HideOthers(): ReactElement {
  const { hideOthers } = useCursorPreferences()
  return (
    <Switch
      label="Hide other cursors"
      isOn={hideOthers}
      onChange={(hide) => cursorPreferences.set({ hideOthers: hide })}
    />
  )
}

/** Nobody else sees the own cursor while it is on. */
export function HideMine(): ReactElement {
  const { hideMine } = useCursorPreferences()
  return (
    <Switch
      label="Hide my cursor"
      isOn={hideMine}
      onChange={(hide) => cursorPreferences.set({ hideMine: hide })}
    />
  )
}
