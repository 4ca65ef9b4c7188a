import { WidgetType } from '@codemirror/view'

/** Who a caret in the text belongs to. */
export interface CaretOwner {
  readonly clientId: number
  readonly name: string
  readonly color: string
  /** Grows with each step of the caret: its label shows anew. */
  readonly steps: number
}

/** Somebody's caret with their name, which shows for a while after each step and under the pointer. */
export class CaretWidget extends WidgetType {
  readonly #owner: CaretOwner

  constructor(owner: CaretOwner) {
    super()
    this.#owner = owner
  }

  override eq(other: CaretWidget): boolean {
    const [a, b] = [this.#owner, other.#owner]
    return a.clientId === b.clientId && a.steps === b.steps && a.name === b.name && a.color === b.color
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span')
    caret.className = 'note-caret'
    caret.dataset['caretClient'] = String(this.#owner.clientId)
    caret.style.setProperty('--person', this.#owner.color)
    caret.setAttribute('aria-hidden', 'true')
    // isolates the name from the text's direction, and keeps it from deciding that
    const label = document.createElement('bdi')
    label.className = 'note-caret-label'
    label.textContent = this.#owner.name
    // word joiners: a caret is no place to break a line
    caret.append('\u2060', label, '\u2060')
    return caret
  }

  override ignoreEvent(): boolean {
    return false
  }
}

/** Where the others' carets of an editor are: those whose name would reach beyond its edge, and the rest. */
export function findCutCarets(editor: HTMLElement): ReadonlyMap<HTMLElement, boolean> {
  const edge = editor.getBoundingClientRect()
  const cut = new Map<HTMLElement, boolean>()
  for (const caret of editor.querySelectorAll<HTMLElement>('.note-caret')) {
    const { left, right } = caret.getBoundingClientRect()
    const width = caret.querySelector('.note-caret-label')?.getBoundingClientRect().width ?? 0
    const isRtl = getComputedStyle(caret).direction === 'rtl'
    cut.set(caret, isRtl ? right - width < edge.left : left + width > edge.right)
  }
  return cut
}
