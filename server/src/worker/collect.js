// @ts-check
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** @type {(() => void) | undefined} */
let gc

/**
 * Collects what is out of reach in this thread, now. For once between two things that are hundreds of megabytes each: V8 lets the heap
 * grow to several times of what lives before it looks by itself.
 */
export function collectGarbage() {
  if (gc === undefined) {
    setFlagsFromString('--expose-gc')
    gc = /** @type {() => void} */ (runInNewContext('gc'))
    setFlagsFromString('--no-expose-gc')
  }
  gc()
}
