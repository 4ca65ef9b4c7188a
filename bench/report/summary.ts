import type { Measured } from '../generator/measured.ts'
import { voidReason } from '../generator/own-load.ts'
import type { ServerName } from '../servers/catalogue.ts'

/** The runs of one case on one server, and their medians. */
export interface Summary {
  readonly label: string
  readonly server: ServerName
  readonly runs: readonly Measured[]
  /** Of the runs that are not void, of all where all are. */
  readonly median: Measured
  /** Why runs were void. */
  readonly voids: readonly string[]
  /** Whether not one run was valid. */
  readonly isVoid: boolean
}

/** Sums up; there is at least one run. */
export function summarise(label: string, server: ServerName, runs: readonly Measured[]): Summary {
  const voids = runs.map((run) => voidReason(run.own)).filter((reason) => reason !== undefined)
  const valid = runs.filter((run) => voidReason(run.own) === undefined)
  const isVoid = valid.length === 0
  return { label, server, runs, median: medianOf(isVoid ? runs : valid), voids, isVoid }
}

function medianOf(runs: readonly Measured[]): Measured {
  const of = (value: (run: Measured) => number): number => middle(runs.map(value))
  const extras = new Set(runs.flatMap((run) => Object.keys(run.extra)))
  return {
    costMicros: of((run) => run.costMicros),
    cpu: of((run) => run.cpu),
    p50Ms: of((run) => run.p50Ms),
    p99Ms: of((run) => run.p99Ms),
    covered: of((run) => run.covered),
    // one loss is a loss
    lost: Math.max(...runs.map((run) => run.lost)),
    rssBytes: of((run) => run.rssBytes),
    bytesPerClientSecond: of((run) => run.bytesPerClientSecond),
    verified:
      runs.find((run) => run.verified !== 'ok' && run.verified !== '–')?.verified ?? runs[0]?.verified ?? '–',
    own: { cpu: of((run) => run.own.cpu), delayP99Ms: of((run) => run.own.delayP99Ms) },
    extra: Object.fromEntries([...extras].map((key) => [key, of((run) => run.extra[key] ?? Number.NaN)])),
  }
}

/** The middle one; of an even number the lower. */
export function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}
