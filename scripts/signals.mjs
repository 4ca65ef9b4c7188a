/** Terminal, npm and we each deliver the same Ctrl-C within milliseconds; nobody presses it twice that fast. */
const SAME_PRESS_MS = 400

/**
 * Hands SIGINT and SIGTERM on to a child, one for each press.
 *
 * @param {{ kill(signal: NodeJS.Signals): boolean, once(event: 'close', listener: () => void): unknown }} child
 * @param {{ source?: NodeJS.EventEmitter, now?: () => number }} [options]
 */
export function forwardSignals(child, { source = process, now = () => performance.now() } = {}) {
  let lastAt = -Infinity
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    if (now() - lastAt < SAME_PRESS_MS) return
    lastAt = now()
    child.kill(signal)
  }
  source.on('SIGINT', forward)
  source.on('SIGTERM', forward)
  // a closed terminal window: drain, nobody is there to press anything again
  const hangup = () => forward('SIGTERM')
  source.on('SIGHUP', hangup)
  child.once('close', () => {
    source.off('SIGINT', forward)
    source.off('SIGTERM', forward)
    source.off('SIGHUP', hangup)
  })
}
