import { useMemo } from 'react'
import { useAnyRoom } from './room-context.ts'
import { useSelected } from './use-selected.ts'

/** Undo and redo of one's own edits of cards and note. */
export interface UndoView {
  readonly canUndo: boolean
  readonly canRedo: boolean
  readonly undo: () => void
  readonly redo: () => void
}

/**
 * Undo and redo, of what this person did and nobody else.
 *
 * @example
 * const { undo, canUndo } = useUndo()
 * <button disabled={!canUndo} onClick={undo}>Undo</button>
 */
export function useUndo(): UndoView {
  const { undo: history } = useAnyRoom()
  const actions = useMemo(() => ({ undo: () => history.undo(), redo: () => history.redo() }), [history])
  return {
    canUndo: useSelected(history, () => history.canUndo),
    canRedo: useSelected(history, () => history.canRedo),
    ...actions,
  }
}
