/** Time as the provider needs it, injected so that tests drive it. */
export interface ClientClock {
  /** Milliseconds since 1970, UTC, by this device. */
  now(): number
  /** Calls `run` once after `ms`; returns how to stop it. */
  after(ms: number, run: () => void): () => void
}

/** The device's own clock. */
export const deviceClock: ClientClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
