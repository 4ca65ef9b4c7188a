import type { BoardController } from './board-state.ts'
import {
  deleteSelection,
  duplicateSelection,
  reorderSelection,
  selectAll,
  zoomToSelection,
} from './card-commands.ts'
import { type Point, ZOOM_STEP } from './view.ts'

/** Where a shortcut stands in a list of them. */
export type ShortcutGroup = 'Board' | 'Cards' | 'View'

/** One thing to do on the board, by key, palette or button. */
export interface BoardShortcut {
  readonly id: string
  /** What it does, as a command: "Bring forward". */
  readonly label: string
  readonly group: ShortcutGroup
  /**
   * Keys that run it, the first one to be shown: `KeyboardEvent.key` in upper case, behind its modifiers.
   * `Mod` is Cmd on a Mac and Ctrl elsewhere.
   */
  readonly keys: readonly string[]
  /** `at`: where the pointer is, pixels inside the board; absent from the palette. */
  readonly run: (board: BoardController, at?: Point) => void
  /** Absent: always. */
  readonly isEnabled?: (board: BoardController) => boolean
}

const canWrite = (board: BoardController): boolean => !board.state.readOnly
const hasSelection = (board: BoardController): boolean => board.state.selection.length > 0
const canChange = (board: BoardController): boolean => canWrite(board) && hasSelection(board)
const hasCards = (board: BoardController): boolean => board.cards.byId.size > 0

/**
 * Every command of the board. Keys of one character without `Mod` can be turned off (WCAG 2.1.4); all of them rest while
 * a field, a button or a dialog has the focus.
 *
 * @example for (const { label, run } of BOARD_SHORTCUTS) palette.add(label, () => run(board))
 */
export const BOARD_SHORTCUTS: readonly BoardShortcut[] = [
  {
    id: 'new',
    label: 'New card',
    group: 'Board',
    keys: ['N'],
    run: (board, at) => board.createAt(at),
    isEnabled: canWrite,
  },
  { id: 'select', label: 'Select', group: 'Board', keys: ['V'], run: (board) => board.setTool('select') },
  { id: 'hand', label: 'Move the board', group: 'Board', keys: ['H'], run: (board) => board.setTool('hand') },
  {
    id: 'undo',
    label: 'Undo',
    group: 'Board',
    keys: ['Mod+Z'],
    run: (board) => board.history.undo(),
    isEnabled: canWrite,
  },
  {
    id: 'redo',
    label: 'Redo',
    group: 'Board',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    run: (board) => board.history.redo(),
    isEnabled: canWrite,
  },
  {
    id: 'select-all',
    label: 'Select all cards',
    group: 'Cards',
    keys: ['Mod+A'],
    run: selectAll,
    isEnabled: hasCards,
  },
  {
    id: 'edit',
    label: 'Write in the card',
    group: 'Cards',
    keys: ['Enter', 'F2'],
    run: (board) => {
      const [id] = board.state.selection
      if (id !== undefined) board.edit(id)
    },
    isEnabled: (board) => canWrite(board) && board.state.selection.length === 1,
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    group: 'Cards',
    keys: ['Mod+D'],
    run: duplicateSelection,
    isEnabled: canChange,
  },
  {
    id: 'delete',
    label: 'Delete',
    group: 'Cards',
    keys: ['Delete', 'Backspace'],
    run: deleteSelection,
    isEnabled: canChange,
  },
  {
    id: 'forward',
    label: 'Bring forward',
    group: 'Cards',
    keys: [']'],
    run: (board) => reorderSelection(board, 'forward'),
    isEnabled: canChange,
  },
  {
    id: 'backward',
    label: 'Send backward',
    group: 'Cards',
    keys: ['['],
    run: (board) => reorderSelection(board, 'backward'),
    isEnabled: canChange,
  },
  {
    id: 'front',
    label: 'Bring to front',
    group: 'Cards',
    keys: ['Shift+]', '}'],
    run: (board) => reorderSelection(board, 'front'),
    isEnabled: canChange,
  },
  {
    id: 'back',
    label: 'Send to back',
    group: 'Cards',
    keys: ['Shift+[', '{'],
    run: (board) => reorderSelection(board, 'back'),
    isEnabled: canChange,
  },
  {
    id: 'zoom-in',
    label: 'Zoom in',
    group: 'View',
    keys: ['+', '='],
    run: (board) => board.view.zoomBy(ZOOM_STEP),
  },
  {
    id: 'zoom-out',
    label: 'Zoom out',
    group: 'View',
    keys: ['-'],
    run: (board) => board.view.zoomBy(1 / ZOOM_STEP),
  },
  {
    id: 'fit',
    label: 'Fit all cards',
    group: 'View',
    keys: ['0'],
    run: (board) => {
      board.view.hold()
      board.fitAll(true)
    },
  },
  {
    id: 'zoom-100',
    label: 'Zoom to 100 %',
    group: 'View',
    keys: ['1'],
    run: (board) => board.view.zoomBy(1 / board.view.view.zoom),
  },
  {
    id: 'zoom-selection',
    label: 'Zoom to selection',
    group: 'View',
    keys: ['2'],
    run: zoomToSelection,
    isEnabled: hasSelection,
  },
]

/** What keys and pointers do besides the commands, for a list of shortcuts. */
export const BOARD_GESTURES: readonly { readonly keys: readonly string[]; readonly label: string }[] = [
  { keys: ['Tab'], label: 'Next card; Shift back' },
  { keys: ['Arrow keys'], label: 'Move selected cards, or the board; Shift further' },
  { keys: ['Alt', 'Arrow keys'], label: 'Resize selected cards; Shift further' },
  { keys: ['Space'], label: 'Pick a card up, and put it down; Esc takes it back' },
  { keys: ['Shift', 'Space'], label: 'Add the card to the selection, or take it out' },
  { keys: ['Shift', 'click'], label: 'Add a card to the selection, or take it out' },
  { keys: ['drag'], label: 'On the empty board: select with a box' },
  { keys: ['Alt', 'drag'], label: 'Drag a copy' },
  { keys: ['Space', 'drag'], label: 'Move the board' },
  { keys: ['Mod', 'wheel'], label: 'Zoom at the pointer' },
]
