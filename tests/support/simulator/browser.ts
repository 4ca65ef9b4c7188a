/** A tab as its browser sees it. */
export interface ChannelEnd {
  readonly label: string
  /** Subscribed to the channel. */
  readonly listens: boolean
  heard(message: Uint8Array): void
}

interface Lane {
  readonly from: ChannelEnd
  readonly to: ChannelEnd
  readonly queue: Uint8Array[]
}

/**
 * One browser profile: the BroadcastChannel between its tabs, and the store they share (IndexedDB). From one tab to
 * another messages keep their order; between different tabs anything goes, also against the sockets.
 */
export class Browser {
  readonly label: string
  /** What y-indexeddb would hold: every update any of its tabs stored, in the order of storing. */
  readonly store: Uint8Array[] = []
  #tabs: ChannelEnd[] = []
  #lanes: Lane[] = []

  constructor(label: string) {
    this.label = label
  }

  enter(tab: ChannelEnd): void {
    this.#tabs.push(tab)
  }

  /** The tab is closed: what is on its way to it is lost, what it said still arrives. */
  leave(tab: ChannelEnd): void {
    this.#tabs = this.#tabs.filter((other) => other !== tab)
    this.#lanes = this.#lanes.filter((lane) => lane.to !== tab)
  }

  get isEmpty(): boolean {
    return this.#tabs.length === 0
  }

  /** Messages between tabs that are under way. */
  get waiting(): number {
    return this.#lanes.length
  }

  publish(from: ChannelEnd, message: Uint8Array): void {
    for (const to of this.#tabs) {
      if (to === from || !to.listens) continue
      const lane = this.#lanes.find((other) => other.from === from && other.to === to)
      if (lane === undefined) this.#lanes.push({ from, to, queue: [message.slice()] })
      else lane.queue.push(message.slice())
    }
  }

  /** Delivers up to `count` messages of one lane; `choose` picks it. Returns how many. */
  deliver(count: number, choose: (lanes: number) => number): number {
    const lane = this.#lanes[choose(this.#lanes.length)]
    if (lane === undefined) return 0
    let delivered = 0
    while (delivered < count) {
      const message = lane.queue.shift()
      if (message === undefined) break
      delivered++
      if (lane.to.listens) lane.to.heard(message)
    }
    if (lane.queue.length === 0) this.#lanes = this.#lanes.filter((other) => other !== lane)
    return delivered
  }
}
