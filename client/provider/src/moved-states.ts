import { fillTemplate, templateOf, unpackNumbers, type MovedEntry } from '@roomful/shared'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/** What a moved message stands for. */
export interface Filled {
  /** An awareness update of the entries that could be put together; `undefined` where there is none. */
  readonly update: Uint8Array | undefined
  /** Somebody in it was never told here in full: the server has to be asked who is here. */
  readonly isUnknown: boolean
}

/** What is said of somebody: the bytes of the text, cut at its numbers once that is needed; `null`: it was asked for. */
type Text = Uint8Array | readonly string[] | null

/**
 * Puts states that are told by their numbers alone (108) into the texts that were told in full on this connection. Of those
 * who are present one text each is kept, as bytes until they move.
 */
export class MovedStates {
  readonly #texts = new Map<number, Text>()

  /** An awareness update of the server: the texts that moves refer to from now on. */
  keep(update: Uint8Array): void {
    const decoder = decoding.createDecoder(update)
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const clientId = decoding.readVarUint(decoder)
      decoding.readVarUint(decoder)
      const json = decoding.readVarUint8Array(decoder)
      // `null`: they are gone
      if (json.length === 4 && json[0] === 0x6e) this.#texts.delete(clientId)
      // a copy: the message it came in may be far longer
      else this.#texts.set(clientId, json.slice())
    }
  }

  /** The states of a moved message; who is unknown is asked for once. */
  fill(entries: readonly MovedEntry[]): Filled {
    let count = 0
    let isUnknown = false
    const encoder = encoding.createEncoder()
    for (const { clientId, clock, numbers } of entries) {
      const json = this.#json(clientId, numbers)
      if (json !== undefined) {
        count += 1
        encoding.writeVarUint(encoder, clientId)
        encoding.writeVarUint(encoder, clock)
        encoding.writeVarString(encoder, json)
      } else if (this.#texts.get(clientId) !== null) {
        this.#texts.set(clientId, null)
        isUnknown = true
      }
    }
    if (count === 0) return { update: undefined, isUnknown }
    const update = encoding.encode((whole) => {
      encoding.writeVarUint(whole, count)
      encoding.writeUint8Array(whole, encoding.toUint8Array(encoder))
    })
    return { update, isUnknown }
  }

  /** The next connection tells everything again. */
  reset(): void {
    this.#texts.clear()
  }

  #json(clientId: number, packed: Uint8Array): string | undefined {
    let text = this.#texts.get(clientId)
    const numbers = unpackNumbers(packed)
    if (!text || numbers === undefined) return undefined
    if (text instanceof Uint8Array) {
      text = templateOf(new TextDecoder().decode(text))
      this.#texts.set(clientId, text)
    }
    return fillTemplate(text, numbers)
  }
}
