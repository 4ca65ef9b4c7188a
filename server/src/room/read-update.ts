import { Malformed, TooManyStructs } from './malformed.ts'
import { UpdateLayout } from './update-layout.ts'
import { UpdateScan } from './update-scan.ts'

/** What reading an update gave. `full`: it holds more structs than a document may. */
export type ReadResult =
  | { readonly kind: 'read'; readonly layout: UpdateLayout }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'full' }

/** An update scanned from beginning to end, in steps. */
export class UpdateReading {
  readonly #layout = new UpdateLayout()
  readonly #scan = new UpdateScan(this.#layout)
  #result: ReadResult | undefined

  constructor(update: Uint8Array, maxStructs: number) {
    this.#try(() => {
      this.#scan.begin(update, undefined, { maxStructs })
      return false
    })
  }

  /** Reads on for about `budget` bytes; the result once the end was reached. */
  step(budget: number): ReadResult | undefined {
    if (this.#result === undefined) this.#try(() => this.#scan.step(budget))
    return this.#result
  }

  #try(read: () => boolean): void {
    try {
      if (read()) this.#result = { kind: 'read', layout: this.#layout }
    } catch (error) {
      if (error instanceof TooManyStructs) this.#result = { kind: 'full' }
      else if (error instanceof Malformed) this.#result = { kind: 'malformed', reason: error.message }
      else throw error
    }
  }
}

/** The same in one go. */
export function readUpdate(update: Uint8Array, maxStructs: number): ReadResult {
  const reading = new UpdateReading(update, maxStructs)
  for (;;) {
    const result = reading.step(Infinity)
    if (result !== undefined) return result
  }
}
