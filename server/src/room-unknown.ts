import { MESSAGE } from '@roomful/shared'
import * as decoding from 'lib0/decoding'

/** Fragments and checks only come from servers: a client may use their numbers for anything. */
const KNOWN: ReadonlySet<number> = new Set(
  Object.values(MESSAGE).filter((number) => number !== MESSAGE.fragment && number !== MESSAGE.check),
)

/**
 * The number of a message this server does not know, of a frame that did not parse. `undefined` where the frame is a
 * malformed message of a known number, or no message at all.
 *
 * @example unknownMessageNumber(Uint8Array.of(42, 1)) // 42
 */
export function unknownMessageNumber(frame: Uint8Array): number | undefined {
  try {
    const type = decoding.readVarUint(decoding.createDecoder(frame))
    return KNOWN.has(type) ? undefined : type
  } catch {
    // lib0 throws on truncated input and on integers out of range: not even a number
    return undefined
  }
}
