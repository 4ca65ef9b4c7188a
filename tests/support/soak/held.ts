import { fileURLToPath } from 'node:url'
import type { ServerProcess } from '../test-server.ts'
import { waitFor } from '../wait.ts'

/** Makes a server answer {@link readHeld}. */
export const PROBE_ARGS: readonly string[] = [
  '--expose-gc',
  '--import',
  fileURLToPath(new URL('probe.mjs', import.meta.url)),
]

/** What a server process holds after a forced collection. */
export interface Held {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
  readonly handles: number
  readonly timers: number
  readonly listeners: number
}

/** Asks a server that runs with {@link PROBE_ARGS}. */
export async function readHeld(server: ServerProcess): Promise<Held> {
  const from = lines(server).length
  server.signal('SIGWINCH')
  await waitFor('the probe to answer', () => lines(server).length > from)
  const { held } = JSON.parse(lines(server)[from] ?? '') as { held: Held }
  return held
}

function lines(server: ServerProcess): string[] {
  return server
    .stderr()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{"held":'))
}

/** One look at a process. */
export interface Sample {
  readonly atMs: number
  readonly bytes: number
}

/**
 * The least of each span: what is held whatever is under way. A look in between finds messages, answers and buffers of the
 * moment as well.
 *
 * @example leastOf([{ atMs: 0, bytes: 5 }, { atMs: 1, bytes: 3 }, { atMs: 60_000, bytes: 4 }], 60_000) // those of 3 and 4
 */
export function leastOf(samples: readonly Sample[], spanMs: number): readonly Sample[] {
  const least = new Map<number, Sample>()
  for (const sample of samples) {
    const span = Math.floor(sample.atMs / spanMs)
    const known = least.get(span)
    if (known === undefined || sample.bytes < known.bytes) least.set(span, sample)
  }
  return [...least.values()]
}

/**
 * Growth in bytes a minute: the median of the slopes between all pairs of samples (Theil 1950, Sen 1968). Memory that is given
 * back for a moment, and buffers on their way to the disk, come and go by some MB: a straight line through all samples, or
 * through their least ones, leans after a single such moment; this one does not.
 *
 * @example slopePerMinute([{ atMs: 0, bytes: 0 }, { atMs: 60_000, bytes: 5 }]) // 5
 */
export function slopePerMinute(samples: readonly Sample[]): number {
  const slopes: number[] = []
  for (const [index, from] of samples.entries()) {
    for (const to of samples.slice(index + 1))
      if (to.atMs > from.atMs) slopes.push((to.bytes - from.bytes) / (to.atMs - from.atMs))
  }
  return median(slopes) * 60_000
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = 0, high = low] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return (low + high) / 2
}
