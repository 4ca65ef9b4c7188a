/**
 * Stands in for `lib0/logging` in the built app (vite.config.ts): Yjs colours three lines of debug output with it, and
 * brings `lib0/dom` and `lib0/schema` along for that, 4 kB of the first load. What those lines say (a clientID was replaced)
 * the provider handles.
 */
export const BOLD = ''
export const UNBOLD = ''
export const ORANGE = ''
export const RED = ''

/** Says nothing. */
export function print(..._args: readonly unknown[]): void {}

/** Says nothing: it would be about a mistake in our own code, which the tests run with the real one. */
export function warn(..._args: readonly unknown[]): void {}
