/** `spline`: a smooth way between points. `direct`: each point as it comes, for crowds (CSS eases it) and reduced motion. */
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
 * Pauses longer than this are not animated along, or the first move after a pause would trail by as much. Pointers come
 * every 80 ms.
 */
const MAX_INTERVAL_MS = 150

/** Where one axis is, where it goes, and how fast it is at both ends, in units per way. */
interface Way {
  readonly from: number
  readonly to: number
  readonly startSpeed: number
  readonly endSpeed: number
}

/**
 * Smooth motion through points: each new point begins a cubic way from where the cursor is drawn, at the speed it is drawn
 * with, over the time that lies between points. The last point is always reached exactly.
 *
 * @param write gets each point to draw; called in animation frames, and at once for the first point.
 */
export function createCursorMotion(kind: MotionKind, write: (x: number, y: number) => void): CursorMotion {
  if (kind === 'direct') return { move: write, reset() {}, dispose() {} }
  let ways: readonly [x: Way, y: Way] | undefined
  let startedAt = 0
  let intervalMs = MAX_INTERVAL_MS
  let frame: number | undefined
  let disposed = false

  const stop = (): void => {
    if (frame !== undefined) cancelAnimationFrame(frame)
    frame = undefined
    ways = undefined
  }
  const draw = (): void => {
    frame = undefined
    if (ways === undefined) return
    const progress = (performance.now() - startedAt) / intervalMs
    const [x, y] = ways
    if (progress < 1) frame = requestAnimationFrame(draw)
    write(at(x, progress), at(y, progress))
  }

  return {
    move(x, y) {
      if (disposed) return
      const now = performance.now()
      const sinceMs = now - startedAt
      const progress = sinceMs / intervalMs
      startedAt = now
      if (ways === undefined) {
        ways = [rest(x), rest(y)]
        write(x, y)
        return
      }
      // speeds are per way: a way of another length takes them along in proportion
      const scale = Math.min(sinceMs, MAX_INTERVAL_MS) / intervalMs
      intervalMs = Math.max(1, Math.min(sinceMs, MAX_INTERVAL_MS))
      ways = [next(ways[0], progress, scale, x), next(ways[1], progress, scale, y)]
      frame ??= requestAnimationFrame(draw)
    },
    reset: stop,
    dispose() {
      disposed = true
      stop()
    },
  }
}

function rest(at: number): Way {
  return { from: at, to: at, startSpeed: 0, endSpeed: 0 }
}

/** The way on to `to` from where `way` has come to. */
function next(way: Way, progress: number, scale: number, to: number): Way {
  const from = at(way, progress)
  const length = to - from
  // steeper than thrice its length a cubic swings past its ends
  const bound = (speed: number): number =>
    speed * length <= 0 ? 0 : Math.sign(length) * Math.min(Math.abs(speed), 3 * Math.abs(length))
  return {
    from,
    to,
    startSpeed: bound(speedAt(way, progress) * scale),
    // as the hand goes: from the point before to this one
    endSpeed: bound((to - way.to) * 0.5),
  }
}

function at({ from, to, startSpeed, endSpeed }: Way, t: number): number {
  if (t >= 1) return to
  const u = 1 - t
  return from * u * u * (1 + 2 * t) + startSpeed * u * u * t + to * t * t * (3 - 2 * t) - endSpeed * t * t * u
}

function speedAt({ from, to, startSpeed, endSpeed }: Way, t: number): number {
  if (t >= 1) return 0
  const u = 1 - t
  return 6 * t * u * (to - from) + startSpeed * u * (1 - 3 * t) + endSpeed * t * (3 * t - 2)
}
