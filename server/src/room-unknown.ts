import { MESSAGE } from '@roomful/shared'
import * as decoding from 'lib0/decoding'

/** What a server handles. The other numbers are its own to send, or nobody's: a client may use them for anything. */
const HANDLED: ReadonlySet<number> = new Set([
  MESSAGE.sync,
  MESSAGE.awareness,
  MESSAGE.queryAwareness,
  MESSAGE.syncStatus,
  MESSAGE.report,
])

/**
 * The number of a message this server does not handle, of a frame that did not parse. `undefined` where the frame is a
 * malformed message it would handle, or no message at all.
 *
 * @example unknownMessageNumber(Uint8Array.of(42, 1)) // 42
 */
export function unknownMessageNumber(frame: Uint8Array): number | undefined {
  try {
    const type = decoding.readVarUint(decoding.createDecoder(frame))
    return HANDLED.has(type) ? undefined : type
  } catch {
    // lib0 throws on truncated input and on integers out of range: not even a number
    return undefined
  }
}
