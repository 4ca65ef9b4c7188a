import {
  BringToFront,
  Copy,
  Hand,
  type LucideIcon,
  Maximize,
  MousePointer2,
  Pencil,
  Redo2,
  SendToBack,
  SquareDashedMousePointer,
  StickyNote,
  Trash2,
  Undo2,
  ZoomIn,
  ZoomOut,
} from 'lucide-react'
import { activeBoard } from '../board/active-board.ts'
import { BOARD_SHORTCUTS, type ShortcutGroup } from '../board/shortcuts.ts'
import type { Command, CommandGroup } from './command.ts'

const ICONS: Readonly<Record<string, LucideIcon>> = {
  new: StickyNote,
  select: MousePointer2,
  hand: Hand,
  undo: Undo2,
  redo: Redo2,
  'select-all': SquareDashedMousePointer,
  edit: Pencil,
  duplicate: Copy,
  delete: Trash2,
  forward: BringToFront,
  front: BringToFront,
  backward: SendToBack,
  back: SendToBack,
  'zoom-in': ZoomIn,
  'zoom-out': ZoomOut,
}

const GROUPS: readonly ShortcutGroup[] = ['Cards', 'Board', 'View']

/** What can be done on the board right now; cards first where some are selected. */
export function boardCommands(): readonly CommandGroup[] {
  const board = activeBoard()
  if (board === undefined) return []
  return GROUPS.map((title) => ({
    title,
    commands: BOARD_SHORTCUTS.filter(
      ({ group, isEnabled }) => group === title && isEnabled?.(board) !== false,
    ).map((shortcut): Command => ({
      id: `board-${shortcut.id}`,
      label: shortcut.label,
      icon: ICONS[shortcut.id] ?? Maximize,
      keys: shortcut.keys[0],
      run: () => shortcut.run(board),
    })),
  }))
}
