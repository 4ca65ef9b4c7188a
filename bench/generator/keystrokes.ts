import { encodeUpdate } from '@roomful/shared'
import * as encoding from 'lib0/encoding'
import { TEXT } from './typing.ts'

/** Of a struct: it names what it stands behind, or its root (Yjs, `Item.write`). */
const HAS_ORIGIN = 0x80
const CONTENT_STRING = 4
/** A root by its name. */
const IS_ROOT = 1

/**
 * One who types the same letter at the end of the text for ever: the update of each keystroke as Yjs would say it, written without a
 * document, which would slow down with its length.
 *
 * @example new Keystrokes(0).message(1) // the first one
 */
export class Keystrokes {
  readonly clientId: number

  constructor(index: number) {
    this.clientId = 0x4000_0000 + index * 104_729
  }

  /** The message of the n-th keystroke, from 1. */
  message(state: number): Uint8Array {
    const clock = state - 1
    return encodeUpdate(
      encoding.encode((encoder) => {
        // one client with one struct
        encoding.writeVarUint(encoder, 1)
        encoding.writeVarUint(encoder, 1)
        encoding.writeVarUint(encoder, this.clientId)
        encoding.writeVarUint(encoder, clock)
        if (clock === 0) {
          encoding.writeUint8(encoder, CONTENT_STRING)
          encoding.writeVarUint(encoder, IS_ROOT)
          encoding.writeVarString(encoder, TEXT)
        } else {
          encoding.writeUint8(encoder, HAS_ORIGIN | CONTENT_STRING)
          encoding.writeVarUint(encoder, this.clientId)
          encoding.writeVarUint(encoder, clock - 1)
        }
        encoding.writeVarString(encoder, 'x')
        // nothing is deleted
        encoding.writeVarUint(encoder, 0)
      }),
    )
  }
}
