/** The cards' elements on the page by id: drags and keys touch them without a React render. */
export class CardElements {
  readonly #elements = new Map<string, HTMLElement>()
  #tabStop: string | undefined

  /** Called when a card's element is there. Returns how to take it out. */
  add(id: string, element: HTMLElement): () => void {
    this.#elements.set(id, element)
    element.tabIndex = id === this.#tabStop ? 0 : -1
    return () => {
      if (this.#elements.get(id) === element) this.#elements.delete(id)
    }
  }

  get(id: string): HTMLElement | undefined {
    return this.#elements.get(id)
  }

  /** The one card that the Tab key enters from outside; from there the board leads it on. */
  get tabStop(): string | undefined {
    return this.#tabStop
  }

  set tabStop(id: string | undefined) {
    if (id === this.#tabStop) return
    const before = this.get(this.#tabStop ?? '')
    if (before !== undefined) before.tabIndex = -1
    this.#tabStop = id
    const after = this.get(id ?? '')
    if (after !== undefined) after.tabIndex = 0
  }

  /** Puts the keyboard on a card; it must be on the page already. */
  focus(id: string): void {
    this.#elements.get(id)?.focus({ preventScroll: true })
  }
}

/** The id of the card an event happened in. */
export function cardIdOf(target: EventTarget | null): string | undefined {
  return target instanceof Element
    ? target.closest<HTMLElement>('[data-card-id]')?.dataset['cardId']
    : undefined
}
