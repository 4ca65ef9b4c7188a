import type { Clock } from './clock.ts'

/** How often the loop is looked at: whatever blocks it for longer is seen, at 50 timers a second. */
export const LOOK_MS = 20

/**
 * Measures how much later than asked for timers run: what everybody who is connected waits.
 *
 * @param now monotonic, in ms
 * @returns how to stop
 */
export function watchLoopDelay(
  clock: Pick<Clock, 'after'>,
  now: () => number,
  observe: (delayMs: number) => void,
): () => void {
  let dueAt = now() + LOOK_MS
  const look = (): void => {
    observe(Math.max(0, now() - dueAt))
    dueAt = now() + LOOK_MS
    stop = clock.after(LOOK_MS, look)
  }
  let stop = clock.after(LOOK_MS, look)
  return () => stop()
}
