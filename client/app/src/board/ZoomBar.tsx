import { Maximize, Minus, Plus } from 'lucide-react'
import { type ReactElement, useSyncExternalStore } from 'react'
import { IconButton } from '../ui/IconButton.tsx'
import { useBoard } from './board-context.ts'
import { MAX_ZOOM, MIN_ZOOM, ZOOM_STEP } from './view.ts'

/** Zoom in whole percent, out, in, and everything at once. */
export function ZoomBar(): ReactElement {
  const board = useBoard()
  const percent = useSyncExternalStore(board.view.subscribe, () => Math.round(board.view.view.zoom * 100))
  return (
    <div className="zoom" role="toolbar" aria-label="Zoom" data-board-control>
      <IconButton
        icon={Minus}
        size={16}
        label="Zoom out"
        hint="-"
        disabled={percent <= MIN_ZOOM * 100}
        onClick={() => board.view.zoomBy(1 / ZOOM_STEP)}
      />
      <output aria-label="Zoom">{percent}%</output>
      <IconButton
        icon={Plus}
        size={16}
        label="Zoom in"
        hint="+"
        disabled={percent >= MAX_ZOOM * 100}
        onClick={() => board.view.zoomBy(ZOOM_STEP)}
      />
      <IconButton icon={Maximize} size={16} label="Fit all" hint="0" onClick={() => board.fitAll(true)} />
    </div>
  )
}
