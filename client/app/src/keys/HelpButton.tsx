import { CircleHelp } from 'lucide-react'
import type { ReactElement } from 'react'
import { IconButton } from '../ui/IconButton.tsx'
import { showKeysDialog } from './keys-dialog.ts'

/** The way to the list of shortcuts for those who do not know its key yet. Phones have neither. */
export function HelpButton(): ReactElement {
  return (
    <div className="help wide-only" data-board-control>
      <IconButton
        icon={CircleHelp}
        size={16}
        label="Keyboard shortcuts"
        hint="?"
        aria-haspopup="dialog"
        onClick={() => showKeysDialog('shortcuts')}
      />
    </div>
  )
}
