import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** CPU time of a process so far, µs: the sum of its threads, from the scheduler's own count (ns), not from ticks. */
export function cpuMicros(pid: number): number {
  let nanos = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [running] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    nanos += Number(running)
  }
  return nanos / 1_000
}

/** Memory of a process, bytes: now, and at most since the last {@link resetPeak}. */
export function memory(pid: number): { readonly rss: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) * 1_024
  return { rss: field('VmRSS'), peak: field('VmHWM') }
}

/** Lets the peak start anew. @returns whether the system allows it. */
export function resetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
    return true
  } catch {
    // not ours to reset: the peak is then that of the whole life
    return false
  }
}

/** A process is quiet below this much of a core … */
const QUIET_CORE = 0.05
/** … for so long, ms. */
const QUIET_MS = 600

/**
 * Resolves once a process has finished what it was given, in the background too; a server that never rests is measured as
 * it is after `patienceMs`.
 */
export async function quiet(pid: number, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs
  for (let used = Infinity; used > QUIET_CORE * QUIET_MS * 1_000 && performance.now() < end;) {
    const before = cpuMicros(pid)
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
    used = cpuMicros(pid) - before
  }
}
