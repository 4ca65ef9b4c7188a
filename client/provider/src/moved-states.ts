import { fillTemplate, templateOf, unpackNumbers } from '@roomful/shared'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/**
 * Puts states that are told by their numbers alone (108) into the texts that were told in full on this connection, of which
 * it keeps one of everybody who is present.
 */
export class MovedStates {
  /** clientID → the text without its numbers; `null`: it was asked for. */
  readonly #texts = new Map<number, readonly string[] | null>()

  /** An awareness update of the server: the texts that moves refer to from now on. */
  keep(update: Uint8Array): void {
    eachEntry(decoding.createDecoder(update), (clientId, _clock, bytes) => {
      const json = new TextDecoder().decode(bytes)
      if (json === 'null') this.#texts.delete(clientId)
      else this.#texts.set(clientId, templateOf(json))
    })
  }

  /**
   * The states of a moved message.
   *
   * @param decoder behind its number
   * @returns an awareness update of those that could be put together, and whether somebody in it is unknown: the server has to
   *   be asked who is here, once for each.
   * @throws where the message is cut short.
   */
  fill(decoder: decoding.Decoder): readonly [update: Uint8Array, isUnknown: boolean] {
    let count = 0
    let isUnknown = false
    const states = encoding.createEncoder()
    eachEntry(decoder, (clientId, clock, bytes) => {
      const text = this.#texts.get(clientId)
      const json = text && fillTemplate(text, unpackNumbers(bytes))
      if (json) {
        count++
        encoding.writeVarUint(states, clientId)
        encoding.writeVarUint(states, clock)
        encoding.writeVarString(states, json)
      } else {
        isUnknown ||= text !== null
        this.#texts.set(clientId, null)
      }
    })
    const update = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, count)
      encoding.writeUint8Array(encoder, encoding.toUint8Array(states))
    })
    return [update, isUnknown]
  }

  /** The next connection tells everything again. */
  reset(): void {
    this.#texts.clear()
  }
}

/** The entries of an awareness update or a moved message: `[count, (clientID, clock, bytes)*]`. */
function eachEntry(
  decoder: decoding.Decoder,
  take: (clientId: number, clock: number, bytes: Uint8Array) => void,
): void {
  for (let left = decoding.readVarUint(decoder); left > 0; left--)
    take(decoding.readVarUint(decoder), decoding.readVarUint(decoder), decoding.readVarUint8Array(decoder))
}
