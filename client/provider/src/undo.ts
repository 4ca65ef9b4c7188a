import * as Y from 'yjs'
import { Listeners } from './listeners.ts'
import { LOCAL_ORIGIN } from './local-origin.ts'

/** How {@link createUndo} groups and what else it takes for the person's own. */
export interface UndoOptions {
  /** Edits closer together than this are one step, ms. */
  readonly captureTimeoutMs?: number | undefined
  /** Further origins of own edits: an editor binding's sync config, for instance. */
  readonly trackedOrigins?: readonly unknown[] | undefined
}

/** A root of the document, or several. */
export type UndoRoots = Exclude<ConstructorParameters<typeof Y.UndoManager>[0], Y.Doc>

/** Undo and redo of own edits only. */
export interface Undo {
  readonly canUndo: boolean
  readonly canRedo: boolean
  undo(): void
  redo(): void
  /** The next edit starts a new step. */
  stopCapturing(): void
  /** Called when `canUndo` or `canRedo` changed. Returns how to stop. */
  subscribe(listener: () => void): () => void
  /** The manager itself, for editor bindings. */
  readonly manager: Y.UndoManager
  destroy(): void
}

/**
 * Undo over some roots. Own are edits of the typed helpers, edits without an origin, and `trackedOrigins`; what came
 * from the server, another tab or the local copy never is.
 *
 * @example
 * const { cards, note } = roomDoc(provider.doc)
 * const undo = createUndo([cards, note])
 */
export function createUndo(roots: UndoRoots, options: UndoOptions = {}): Undo {
  return new RootsUndo(roots, options)
}

class RootsUndo implements Undo {
  readonly manager: Y.UndoManager
  readonly #listeners = new Listeners()
  #seen = ''

  constructor(roots: UndoRoots, options: UndoOptions) {
    this.manager = new Y.UndoManager(roots, {
      captureTimeout: options.captureTimeoutMs ?? 500,
      trackedOrigins: new Set<unknown>([null, LOCAL_ORIGIN, ...(options.trackedOrigins ?? [])]),
    })
    this.#seen = this.#state()
    for (const event of ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const) {
      this.manager.on(event, this.#onChange)
    }
  }

  get canUndo(): boolean {
    return this.manager.canUndo()
  }

  get canRedo(): boolean {
    return this.manager.canRedo()
  }

  undo(): void {
    this.manager.undo()
  }

  redo(): void {
    this.manager.redo()
  }

  stopCapturing(): void {
    this.manager.stopCapturing()
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  destroy(): void {
    this.manager.destroy()
    this.#listeners.clear()
  }

  readonly #onChange = (): void => {
    const state = this.#state()
    if (state === this.#seen) return
    this.#seen = state
    this.#listeners.call()
  }

  #state(): string {
    return `${this.canUndo} ${this.canRedo}`
  }
}
