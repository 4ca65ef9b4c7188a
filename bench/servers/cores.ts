import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The server gets a core and the generator another, where there are two and `taskset` (util-linux) is there. */
const CORE = { server: '0', generator: '1' } as const

const canPin: boolean =
  availableParallelism() >= 2 &&
  process.env['BENCH_PIN'] !== 'off' &&
  spawnSync('taskset', ['-c', CORE.generator, 'true']).status === 0

/** A command, bound to the core of its part. */
export function pinned(
  part: keyof typeof CORE,
  command: string,
  args: readonly string[],
): [file: string, args: string[]] {
  return canPin ? ['taskset', ['-c', CORE[part], command, ...args]] : [command, [...args]]
}
