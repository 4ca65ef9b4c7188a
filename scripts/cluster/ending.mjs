import { EventEmitter } from 'node:events'
import { forwardSignals } from '../signals.mjs'

/**
 * Listens for Ctrl-C, SIGTERM, a closed terminal and the end of npm until it is told to stop: without a listener the second
 * press would end us before our children.
 *
 * @param {() => void} onSecond somebody does not want to wait any longer
 * @returns {{ first: Promise<void>, off: () => void }}
 */
export function listenForEnding(onSecond) {
  const done = new EventEmitter()
  /** @type {() => void} */
  let tell = () => {}
  const first = new Promise((/** @type {(none: void) => void} */ settle) => (tell = settle))
  let presses = 0
  forwardSignals({
    kill: () => {
      if (presses++ === 0) tell()
      else onSecond()
      return true
    },
    once: (name, listener) => done.once(name, listener),
  })
  return { first, off: () => void done.emit('close') }
}
