import type { Check } from '@roomful/shared'
import type { Divergence, DivergenceOwner } from './divergence.ts'

/** What the server says it holds (106): compared by code that is only fetched where there is something to compare. */
export class Checks {
  /** Sync messages of this connection so far. */
  heard = 0
  readonly #owner: DivergenceOwner
  #divergence: Divergence | undefined
  #isDestroyed = false

  constructor(owner: DivergenceOwner) {
    this.#owner = owner
  }

  /** A check came. Never rejects. */
  compare(check: Check): Promise<void> {
    const { heard } = this
    // counted from here on: what was lost is asked for once
    this.heard = check.sent
    return this.#judge((divergence) => divergence.compare(check, heard))
  }

  /** The server says that somebody wrote in this tab's name: the document has come apart. Never rejects. */
  comeApart(): Promise<void> {
    return this.#judge((divergence) => divergence.comeApart())
  }

  destroy(): void {
    this.#isDestroyed = true
    this.#divergence?.destroy()
  }

  async #judge(run: (divergence: Divergence) => Promise<void>): Promise<void> {
    try {
      const { Divergence } = await import('./divergence.ts')
      if (!this.#isDestroyed) await run((this.#divergence ??= new Divergence(this.#owner)))
    } catch {
      // the chunk could not be fetched, or the copy not set aside: the next check tries again
    }
  }
}
