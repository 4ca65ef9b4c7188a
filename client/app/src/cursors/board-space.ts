import type { CursorSpace } from '@roomful/react'
import { BOARD } from '@roomful/shared'
import { toScreen } from '../board/view.ts'
import type { ViewStore } from '../board/view-store.ts'

/** The board's plane for cursors: board units to pixels of the view. */
export class BoardSpace implements CursorSpace {
  readonly width: number = BOARD.width
  readonly height: number = BOARD.height
  readonly #view: ViewStore
  readonly #listeners = new Set<() => void>()

  constructor(view: ViewStore) {
    this.#view = view
  }

  project(x: number, y: number): { readonly x: number; readonly y: number } {
    return toScreen(this.#view.view, { x, y })
  }

  subscribe(onChange: () => void): () => void {
    this.#listeners.add(onChange)
    const off = this.#view.subscribe(onChange)
    return () => {
      this.#listeners.delete(onChange)
      off()
    }
  }

  /** Labels have another size: cursors are placed anew. */
  readonly redraw = (): void => {
    for (const listener of this.#listeners) listener()
  }
}
