import type { Clock } from './clock.ts'
import { coalesced } from './coalesced-clock.ts'

/** How often a busy loop is looked at: whatever blocks it for longer is seen, at 50 timers a second. */
export const LOOK_MS = 20
/** How often a calm one is: a process that does nothing should not be woken 50 times a second to find that out. */
export const CALM_LOOK_MS = 250
/** A loop that did less than this share of the time cannot have been blocked for longer than {@link LOOK_MS} between two looks. */
const BUSY_SHARE: number = LOOK_MS / CALM_LOOK_MS

/** What a loop is looked at with. */
export interface LoopMeters {
  /** Monotonic, ms. */
  now(): number
  /** How long the loop has been doing something since the start, ms: `performance.eventLoopUtilization().active`. */
  activeMs(): number
}

/**
 * Measures how much later than asked for timers run: what everybody who is connected waits.
 *
 * @returns how to stop
 */
export function watchLoopDelay(
  clock: Clock,
  meters: LoopMeters,
  observe: (delayMs: number) => void,
): () => void {
  let isBusy = true
  let [since, activeSince] = [meters.now(), meters.activeMs()]
  let dueAt = since + LOOK_MS
  const look = (): void => {
    const now = meters.now()
    observe(Math.max(0, now - dueAt))
    if (now - since >= CALM_LOOK_MS) {
      const activeMs = meters.activeMs()
      isBusy = activeMs - activeSince >= BUSY_SHARE * (now - since)
      ;[since, activeSince] = [now, activeMs]
    }
    const calm = coalesced(clock)
    dueAt = meters.now() + (isBusy ? LOOK_MS : calm.delay(CALM_LOOK_MS))
    stop = isBusy ? clock.after(LOOK_MS, look) : calm.after(CALM_LOOK_MS, look)
  }
  let stop = clock.after(LOOK_MS, look)
  return () => stop()
}
