import * as perfectCursors from 'perfect-cursors'

// bundlers read its ESM build, Node its CommonJS one, whose names Node cannot see: a page rendered on a server imports this
const { PerfectCursor } = (
  'PerfectCursor' in perfectCursors ? perfectCursors : Reflect.get(perfectCursors, 'default')
) as typeof perfectCursors
type PerfectCursor = perfectCursors.PerfectCursor

/** `spline`: through perfect-cursors. `direct`: each point as it comes, for crowds (CSS eases it) and reduced motion. */
export type MotionKind = 'spline' | 'direct'

/** Turns points that arrive a few times a second into motion. */
export interface CursorMotion {
  /** The next point, in the units the caller draws in. */
  move(x: number, y: number): void
  /** Forgets where it was: the next point is shown without a way to it. */
  reset(): void
  /** Stops for good: nothing is written after this. */
  dispose(): void
}

/**
 * Pauses longer than this are no longer animated along. perfect-cursors' own 300 ms would let the first move after a
 * pause trail by that much; pointers come every 80 ms.
 */
const MAX_INTERVAL_MS = 150

/** A way of one interval has been gone by then, unless frames are slow. */
const SETTLE_MS = MAX_INTERVAL_MS + 50

/**
 * The only place that knows perfect-cursors. Its animations end before their last point: where frames are slow they stop at
 * their first, and the cursor would stay where the pointer no longer is. Here the last point is always written. Its `dispose` leaves a running frame loop behind, which goes on calling
 * back: here the loop is stopped, the queue emptied and the callback cut off.
 *
 * @param write gets each point to draw; called in animation frames, and at once for the first point.
 */
export function createCursorMotion(kind: MotionKind, write: (x: number, y: number) => void): CursorMotion {
  if (kind === 'direct') return { move: write, reset() {}, dispose() {} }
  PerfectCursor.MAX_INTERVAL = MAX_INTERVAL_MS
  let cursor: PerfectCursor | undefined
  let disposed = false
  let target: readonly [x: number, y: number] | undefined
  let settleTimer: ReturnType<typeof setTimeout> | undefined
  const settle = (): void => {
    if (cursor === undefined || target === undefined) return
    if (cursor.state === 'animating') settleTimer = setTimeout(settle, SETTLE_MS)
    else write(...target)
  }
  const start = (): PerfectCursor => {
    const created: PerfectCursor = new PerfectCursor(([x, y]) => {
      if (cursor === created && x !== undefined && y !== undefined) write(x, y)
    })
    return created
  }
  const stop = (): void => {
    const stopped = cursor
    cursor = undefined
    clearTimeout(settleTimer)
    if (stopped === undefined) return
    stopped.dispose()
    cancelAnimationFrame(stopped.lastRequestId)
    stopped.queue.length = 0
  }
  return {
    move(x, y) {
      if (disposed) return
      cursor ??= start()
      cursor.addPoint([x, y])
      target = [x, y]
      clearTimeout(settleTimer)
      settleTimer = setTimeout(settle, SETTLE_MS)
    },
    reset: stop,
    dispose() {
      disposed = true
      stop()
    },
  }
}
