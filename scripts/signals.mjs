/** Terminal, npm and we each deliver the same Ctrl-C within milliseconds; nobody presses it twice that fast. */
const SAME_PRESS_MS = 400

/** How soon a parent that was killed is noticed; asking costs nothing. */
const PARENT_CHECK_MS = 250

/**
 * Hands SIGINT and SIGTERM on to a child, one for each press. Under npm, the end of npm counts as SIGTERM: killed
 * outright, it would leave a server behind that holds the port and the data folder.
 *
 * @param {{ kill(signal: NodeJS.Signals): boolean, once(event: 'close', listener: () => void): unknown }} child
 * @param {{ source?: NodeJS.EventEmitter, now?: () => number, env?: NodeJS.ProcessEnv, parent?: () => number }}
 *   [options] stand-ins for tests
 */
export function forwardSignals(
  child,
  { source = process, now = () => performance.now(), env = process.env, parent = () => process.ppid } = {},
) {
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
  const first = parent()
  // started by hand, outliving the shell is what `&` and `disown` are for
  const isUnderNpm = env.npm_lifecycle_event !== undefined
  const watch = setInterval(() => {
    if (!isUnderNpm || parent() === first) return
    clearInterval(watch)
    hangup()
  }, PARENT_CHECK_MS)
  child.once('close', () => {
    clearInterval(watch)
    source.off('SIGINT', forward)
    source.off('SIGTERM', forward)
    source.off('SIGHUP', hangup)
  })
}
