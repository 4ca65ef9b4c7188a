import { type LinkTarget, linkHash, parseLinkTarget } from './link-target.ts'

/** A link that has been followed and not yet arrived: a new object each time, also for the same target. */
export interface LinkRequest {
  readonly target: LinkTarget
  /** The room's path: a request does not outlive a change of rooms. */
  readonly path: string
}

/** What is needed of the window. */
export interface LinkWindow {
  readonly location: Pick<Location, 'hash' | 'pathname'>
  addEventListener(type: 'hashchange' | 'popstate', listener: () => void): void
}

/**
 * Where the address points inside the room. The part of the page that can show the target takes the request, and settles
 * it once it has shown it or said that it is gone.
 *
 * @example
 * links.open({ kind: 'message', id }) // as a click on a link does
 */
export class LinkStore {
  readonly #window: LinkWindow
  readonly #listeners = new Set<() => void>()
  #request: LinkRequest | undefined
  #seen = ''

  constructor(window: LinkWindow) {
    this.#window = window
    this.#read()
    const onChange = (): void => {
      // most steps in the history fire both events
      if (this.#address() !== this.#seen) this.#read()
    }
    window.addEventListener('hashchange', onChange)
    window.addEventListener('popstate', onChange)
  }

  /** What waits to be shown in the room of the address. */
  get request(): LinkRequest | undefined {
    return this.#request?.path === this.#window.location.pathname ? this.#request : undefined
  }

  /** Goes to a target in this room, in place; the address says so, and Back comes back. */
  open(target: LinkTarget): void {
    const hash = linkHash(target)
    // the same hash again is no change to the browser, but one to the person
    if (this.#window.location.hash === hash) this.#read()
    else this.#window.location.hash = hash
  }

  /** The request has been answered; a later one stays. */
  settle(request: LinkRequest): void {
    if (this.#request === request) this.#set(undefined)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #address(): string {
    return this.#window.location.pathname + this.#window.location.hash
  }

  #read(): void {
    this.#seen = this.#address()
    const { hash, pathname } = this.#window.location
    const target = parseLinkTarget(hash)
    this.#set(target === undefined ? undefined : { target, path: pathname })
  }

  #set(request: LinkRequest | undefined): void {
    this.#request = request
    for (const listener of this.#listeners) listener()
  }
}
