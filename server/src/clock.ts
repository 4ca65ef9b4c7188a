/** Time and turns, injected so that a seeded scheduler can drive a room deterministically. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Calls `run` once after `ms`; returns how to stop it. Never keeps the process alive. */
  after(ms: number, run: () => void): () => void
  /** Calls `run` at the end of the current turn of the event loop, after the input that is already there. */
  endOfTurn(run: () => void): void
}

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
  endOfTurn(run) {
    setImmediate(run)
  },
}
