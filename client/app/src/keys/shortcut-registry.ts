import { isField } from '../board/key-target.ts'
import { pressed } from './pressed.ts'
import { isSilenced } from './single-keys.ts'

/** Something a key does anywhere on the page. */
export interface Shortcut {
  readonly id: string
  /** What it does, as a command: "Write in the chat". */
  readonly label: string
  /** Its heading in the list of shortcuts. */
  readonly group: string
  /** Keys that run it, the first one to be shown; spelled as {@link pressed} reads them. */
  readonly keys: readonly string[]
  readonly run: () => void
  /** Absent: always. */
  readonly when?: () => boolean
}

/**
 * The page's shortcuts, with one listener for all of them. None fires in a text field, a dialog, while an input method
 * composes, or when something on the way has used the key already.
 *
 * @example
 * const registry = new ShortcutRegistry()
 * const remove = registry.add([{ id: 'chat', label: 'Write in the chat', group: 'Page', keys: ['C'], run: openChat }])
 * const stop = registry.listen(window)
 */
export class ShortcutRegistry {
  readonly #lists = new Set<readonly Shortcut[]>()

  /** All shortcuts, in the order they were added. */
  get all(): readonly Shortcut[] {
    return [...this.#lists].flat()
  }

  /** Adds shortcuts. Returns how to take them back. */
  add(shortcuts: readonly Shortcut[]): () => void {
    this.#lists.add(shortcuts)
    return () => this.#lists.delete(shortcuts)
  }

  /** Runs what a key press asks for. Returns whether there was something. */
  handle(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing || event.repeat || isBusy(event.target)) return false
    if (isSilenced(event)) return false
    const found = this.all.find(({ keys, when }) => pressed(keys, event) && when?.() !== false)
    found?.run()
    return found !== undefined
  }

  /** Hears the keys of a page. Returns how to stop. */
  listen(target: Pick<Window, 'addEventListener' | 'removeEventListener'>): () => void {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (this.handle(event)) event.preventDefault()
    }
    target.addEventListener('keydown', onKeyDown)
    return () => target.removeEventListener('keydown', onKeyDown)
  }
}

/** Whether keys belong to what has the focus. */
function isBusy(target: EventTarget | null): boolean {
  if (isField(target)) return true
  return target instanceof Element && target.closest('dialog, [role="dialog"], [role="menu"]') !== null
}
