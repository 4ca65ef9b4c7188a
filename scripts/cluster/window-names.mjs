/** Beyond so many tabs the oldest are forgotten, and would be called by a new number. */
const MAX_WINDOWS = 1_000

/**
 * Numbers the windows that come, so that a person can tell which one went where. Windows are told apart by the secret their
 * tab sends (`key`), which is kept and never shown.
 *
 * @returns {(visit: import('./balancer.mjs').Visit) => string} what to call who comes
 */
export function createWindowNames() {
  /** @type {Map<string, number>} */
  const numbers = new Map()
  let last = 0
  return ({ key }) => {
    // stock clients send none
    if (key === undefined) return 'a client'
    const number = numbers.get(key) ?? ++last
    numbers.delete(key)
    numbers.set(key, number)
    const [oldest] = numbers.keys()
    if (numbers.size > MAX_WINDOWS && oldest !== undefined) numbers.delete(oldest)
    return `window ${number}`
  }
}
