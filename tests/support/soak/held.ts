import type { ServerProcess } from '../test-server.ts'
import { waitFor } from '../wait.ts'

/** What a server process holds after a forced collection. */
export interface Held {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
  readonly handles: number
  readonly timers: number
  readonly listeners: number
}

/** Asks a server that runs with the probe. */
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
 * The least of each of `count` equal windows. Memory that the allocator has not given back, and buffers on their way to
 * the disk, come and go by 10 MB; what is kept for good lifts the floor.
 *
 * @example floors([{ atMs: 0, bytes: 9 }, { atMs: 1, bytes: 5 }, { atMs: 2, bytes: 7 }], 1) // [{ atMs: 1, bytes: 5 }]
 */
export function floors(samples: readonly Sample[], count: number): Sample[] {
  const size = Math.ceil(samples.length / count)
  const found: Sample[] = []
  for (let from = 0; from < samples.length; from += size) {
    const window = samples.slice(from, from + size)
    const middle = window[Math.floor(window.length / 2)]
    if (middle === undefined) continue
    found.push({ atMs: middle.atMs, bytes: Math.min(...window.map(({ bytes }) => bytes)) })
  }
  return found
}

/**
 * Growth by linear regression over all samples, in bytes a minute.
 *
 * @example slopePerMinute([{ atMs: 0, bytes: 0 }, { atMs: 60_000, bytes: 5 }]) // 5
 */
export function slopePerMinute(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const at = mean(samples.map(({ atMs }) => atMs))
  const bytes = mean(samples.map((sample) => sample.bytes))
  let together = 0
  let alone = 0
  for (const sample of samples) {
    together += (sample.atMs - at) * (sample.bytes - bytes)
    alone += (sample.atMs - at) ** 2
  }
  return alone === 0 ? 0 : (together / alone) * 60_000
}
