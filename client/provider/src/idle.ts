/** A slice of work nobody should feel. */
const SLICE_MS = 4

/** Resolves when the page, or the process, has nothing more urgent to do. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: 1_000 })
    else setTimeout(resolve)
  })
}

/**
 * Runs a generator in idle slices of a few milliseconds.
 *
 * @param isWanted asked before each slice
 * @returns what the generator returned; `undefined` where it was not wanted any more
 */
export async function inIdleSlices<T>(
  work: Generator<void, T>,
  isWanted: () => boolean,
): Promise<T | undefined> {
  while (true) {
    await idle()
    const until = performance.now() + SLICE_MS
    do {
      if (!isWanted()) return undefined
      const step = work.next()
      if (step.done === true) return step.value
    } while (performance.now() < until)
  }
}
