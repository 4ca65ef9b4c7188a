import { Hand, MousePointer2, Redo2, StickyNote, Undo2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { useUndo } from '@roomful/react'
import { IconButton } from '../ui/IconButton.tsx'
import { useBoard, useBoardState } from './board-context.ts'

/** The board's tools, and undo and redo of one's own edits. */
export function ToolBar(): ReactElement {
  const board = useBoard()
  const { tool, readOnly } = useBoardState()
  const { canUndo, canRedo, undo, redo } = useUndo()
  return (
    <div className="tools" role="toolbar" aria-label="Tools" data-board-control>
      <IconButton
        icon={MousePointer2}
        label="Select"
        hint="V"
        aria-pressed={tool === 'select'}
        onClick={() => board.setTool('select')}
      />
      <IconButton
        icon={Hand}
        label="Move the board"
        hint="H, or hold Space"
        aria-pressed={tool === 'hand'}
        onClick={() => board.setTool('hand')}
      />
      <IconButton
        icon={StickyNote}
        label="New card"
        hint="N"
        aria-pressed={tool === 'card'}
        disabled={readOnly}
        onClick={(event) => {
          // from the keyboard there is no place to press next: straight into the middle
          if (event.detail === 0) board.createAt()
          else board.setTool(tool === 'card' ? 'select' : 'card')
        }}
      />
      <span className="rule" />
      <IconButton icon={Undo2} label="Undo" hint="Mod+Z" disabled={readOnly || !canUndo} onClick={undo} />
      <IconButton
        icon={Redo2}
        label="Redo"
        hint="Mod+Shift+Z"
        disabled={readOnly || !canRedo}
        onClick={redo}
      />
    </div>
  )
}
