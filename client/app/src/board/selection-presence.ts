import type { PresenceStore } from '@roomful/provider'
import type { BoardController } from './board-state.ts'
import { DragWriter } from './drag-writer.ts'

/** So many ids a presence state may carry: more would not fit into its 4 KiB. */
const MAX_SHOWN = 100
/** A selection box changes the selection at each move. */
const SELECTION_INTERVAL_MS = 100

/** Tells the others what is selected: the first hundred of it. Returns how to stop. */
export function attachSelectionPresence(board: BoardController, presence: PresenceStore): () => void {
  const writer = new DragWriter<readonly string[]>(
    (ids) => presence.setSelection(ids.slice(0, MAX_SHOWN)),
    () => SELECTION_INTERVAL_MS,
  )
  let sent = board.state.selection
  writer.push(sent)
  const off = board.subscribe(() => {
    const { selection } = board.state
    if (selection === sent) return
    sent = selection
    writer.push(selection)
  })
  return () => {
    off()
    writer.push([])
    writer.flush()
  }
}
