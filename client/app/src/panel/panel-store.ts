import { useSyncExternalStore } from 'react'

/** What the side panel can show, in the order of its tabs. */
export const PANEL_TABS = ['chat', 'people', 'activity', 'note'] as const
export type PanelTab = (typeof PANEL_TABS)[number]

/** What {@link usePanel} gives: a new object at each change. */
export interface PanelState {
  /** Beside the board on wide windows; on phones the panel is a sheet that is always there. */
  readonly isOpen: boolean
  readonly tab: PanelTab
  /** Counts calls of {@link openPanel}: a phone's sheet rises for each, also when the tab was chosen already. */
  readonly asked: number
}

/** How to open a tab. */
export interface OpenPanelOptions {
  /** The keyboard goes there too: into the chat's composer, the note's editor, else onto the tab. */
  readonly focus?: boolean
}

/** What is needed of `localStorage`; every call may throw. */
export type PanelStorage = Pick<Storage, 'getItem' | 'setItem'>

const OPEN_KEY = 'roomful:panel'
const TAB_KEY = 'roomful:panel-tab'

/** Whether the side panel is open and at which tab, remembered on this device. */
export class PanelStore {
  readonly #storage: PanelStorage | undefined
  readonly #listeners = new Set<() => void>()
  #state: PanelState
  #wantsFocus = false

  constructor(storage: PanelStorage | undefined) {
    this.#storage = storage
    const known = read(storage, TAB_KEY)
    this.#state = {
      isOpen: read(storage, OPEN_KEY) !== 'closed',
      tab: PANEL_TABS.find((tab) => tab === known) ?? 'chat',
      asked: 0,
    }
  }

  get state(): PanelState {
    return this.#state
  }

  /** Opens the panel, at `tab` where one is given. */
  open(tab: PanelTab = this.#state.tab, { focus = false }: OpenPanelOptions = {}): void {
    this.#wantsFocus = focus
    this.#set({ isOpen: true, tab, asked: this.#state.asked + 1 })
  }

  close(): void {
    this.#wantsFocus = false
    this.#set({ ...this.#state, isOpen: false })
  }

  toggle(): void {
    if (this.#state.isOpen) this.close()
    else this.open()
  }

  /** Whether the last `open` asked for the keyboard; asking answers it. */
  takeFocus(): boolean {
    const wanted = this.#wantsFocus
    this.#wantsFocus = false
    return wanted
  }

  /** Called at each change. Returns how to stop. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #set(next: PanelState): void {
    this.#state = next
    write(this.#storage, OPEN_KEY, next.isOpen ? 'open' : 'closed')
    write(this.#storage, TAB_KEY, next.tab)
    for (const listener of this.#listeners) listener()
  }
}

/** The page's panel. */
export const panel = new PanelStore(localStorageOrNone())

/**
 * Opens the side panel from anywhere, inside React or not: a deep link to a message, a shortcut, the palette. On phones
 * the sheet rises; the note takes its full height.
 *
 * @example
 * openPanel('chat') // show it, the keyboard stays where it is
 * openPanel('chat', { focus: true }) // and start to type
 */
export function openPanel(tab?: PanelTab, options?: OpenPanelOptions): void {
  panel.open(tab, options)
}

/**
 * The panel's state, followed.
 *
 * @example const { tab, isOpen } = usePanel()
 */
export function usePanel(): PanelState {
  return useSyncExternalStore(panel.subscribe, () => panel.state)
}

function read(storage: PanelStorage | undefined, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null
  } catch {
    // SecurityError: storage is refused to this page
    return null
  }
}

function write(storage: PanelStorage | undefined, key: string, value: string): void {
  try {
    storage?.setItem(key, value)
  } catch {
    // SecurityError or QuotaExceededError: it holds for this page only
  }
}

function localStorageOrNone(): PanelStorage | undefined {
  try {
    return typeof localStorage === 'undefined' ? undefined : localStorage
  } catch {
    // SecurityError at the mere mention, where cookies are blocked
    return undefined
  }
}
