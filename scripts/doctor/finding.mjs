/**
 * What the doctor can find wrong. Each has a part of its own in `docs/troubleshooting.md` (a test looks).
 *
 * @typedef {(
 *   'old-node' | 'stale-lockfile' | 'vercel-keys' | 'folder-in-use' | 'folder-closed' |
 *   'redis-away' | 'redis-evicts' | 'redis-forgets' | 'wrong-ws-url' |
 *   'unreachable' | 'wrong-prefix' | 'no-upgrade' | 'origin-refused' | 'no-entry' | 'not-ready' |
 *   'no-redis' | 'clock-skew'
 * )} Case
 */

/** @type {readonly Case[]} */
export const CASES = [
  'old-node',
  'stale-lockfile',
  'vercel-keys',
  'folder-in-use',
  'folder-closed',
  'redis-away',
  'redis-evicts',
  'redis-forgets',
  'wrong-ws-url',
  'unreachable',
  'wrong-prefix',
  'no-upgrade',
  'origin-refused',
  'no-entry',
  'not-ready',
  'no-redis',
  'clock-skew',
]

/**
 * One line of the doctor's report. `note`: nothing is wrong, but a reader should know; `skipped`: it was not looked at.
 *
 * @typedef {(
 *   { readonly kind: 'ok' | 'note' | 'skipped', readonly text: string } |
 *   { readonly kind: 'trouble', readonly case: Case, readonly text: string, readonly fix: string }
 * )} Finding
 */

/** @type {(text: string) => Finding} */
export const ok = (text) => ({ kind: 'ok', text })

/** @type {(text: string) => Finding} */
export const note = (text) => ({ kind: 'note', text })

/** @type {(text: string) => Finding} */
export const skipped = (text) => ({ kind: 'skipped', text })

/**
 * @param {Case} name
 * @param {string} text the cause, as it shows here
 * @param {string} fix what to do
 * @returns {Finding}
 */
export const trouble = (name, text, fix) => ({ kind: 'trouble', case: name, text, fix })

/**
 * Why something failed, in the words of the system, without its stack.
 *
 * @param {unknown} error
 */
export function reasonOf(error) {
  // a connection that was tried at several addresses fails with all of their reasons and none of its own
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first.message : String(first)
}
