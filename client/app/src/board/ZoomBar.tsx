import { Focus, Maximize, Minus, Plus } from 'lucide-react'
import { type ReactElement, useSyncExternalStore } from 'react'
import { IconButton } from '../ui/IconButton.tsx'
import { useBoard, useBoardState } from './board-context.ts'
import { MAX_ZOOM, MIN_ZOOM, ZOOM_STEP } from './view.ts'

/** Zoom in whole percent (a press makes it 100), out, in, everything at once, or what is selected. */
export function ZoomBar(): ReactElement {
  const board = useBoard()
  const hasSelection = useBoardState().selection.length > 0
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
      <button
        type="button"
        className="percent"
        aria-label={`Zoom ${percent} %, set to 100 %`}
        title="Zoom to 100 % (1)"
        onClick={() => board.view.zoomBy(1 / board.view.view.zoom)}
      >
        {percent}%
      </button>
      <IconButton
        icon={Plus}
        size={16}
        label="Zoom in"
        hint="+"
        disabled={percent >= MAX_ZOOM * 100}
        onClick={() => board.view.zoomBy(ZOOM_STEP)}
      />
      <IconButton
        icon={Maximize}
        size={16}
        label="Fit all"
        hint="0"
        onClick={() => {
          board.view.hold()
          board.fitAll(true)
        }}
      />
      {hasSelection && (
        <IconButton
          icon={Focus}
          size={16}
          label="Zoom to selection"
          hint="2"
          onClick={() => {
            board.view.hold()
            board.fit(board.selectedCards, true)
          }}
        />
      )}
    </div>
  )
}
