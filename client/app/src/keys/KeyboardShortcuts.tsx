import { useStatus } from '@roomful/react'
import type { RoomName } from '@roomful/shared'
import { type ReactElement, useEffect, useRef } from 'react'
import { lazyPart } from '../ui/lazy-part.tsx'
import { hideKeysDialogs, useKeysDialog } from './keys-dialog.ts'
import { pageShortcuts, shortcuts } from './page-shortcuts.ts'

const ShortcutsDialog = lazyPart(async () => (await import('./ShortcutsDialog.tsx')).ShortcutsDialog)
const Palette = lazyPart(async () => (await import('./Palette.tsx')).Palette)

interface KeyboardShortcutsProps {
  readonly room: RoomName
}

/** Hears the page's shortcuts, and shows what two of them open. */
export function KeyboardShortcuts({ room }: KeyboardShortcutsProps): ReactElement | null {
  const dialog = useKeysDialog()
  const { state } = useStatus()
  const usable = useRef(true)
  useEffect(() => {
    usable.current = state !== 'closed'
  }, [state])
  useEffect(() => {
    const remove = shortcuts.add(pageShortcuts(() => usable.current))
    const stop = shortcuts.listen(window)
    return () => {
      stop()
      remove()
      // another room, another page
      hideKeysDialogs()
    }
  }, [])
  switch (dialog) {
    case 'shortcuts':
      return <ShortcutsDialog />
    case 'palette':
      return <Palette room={room} />
    case undefined:
      return null
  }
}
