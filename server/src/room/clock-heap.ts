const SECTIONS = 2 ** 22

/** Sections that wait for one client to pass a clock: a binary heap of plain numbers, the lowest clock first. */
export class ClockHeap {
  readonly #entries: number[] = []

  push(clock: number, section: number): void {
    const entries = this.#entries
    const entry = clock * SECTIONS + section
    let i = entries.length
    entries.push(entry)
    while (i > 0) {
      const up = (i - 1) >>> 1
      if ((entries[up] as number) <= entry) break
      entries[i] = entries[up] as number
      i = up
    }
    entries[i] = entry
  }

  /** Takes a section that waits for a clock below `clock`, or -1. */
  take(clock: number): number {
    const entries = this.#entries
    if (entries.length === 0 || (entries[0] as number) >= clock * SECTIONS) return -1
    const section = (entries[0] as number) % SECTIONS
    const moved = entries.pop() as number
    const count = entries.length
    let i = 0
    while (2 * i + 1 < count) {
      let down = 2 * i + 1
      if (down + 1 < count && (entries[down + 1] as number) < (entries[down] as number)) down++
      if ((entries[down] as number) >= moved) break
      entries[i] = entries[down] as number
      i = down
    }
    if (count > 0) entries[i] = moved
    return section
  }
}
