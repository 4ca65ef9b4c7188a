import type { OwnLoad } from './own-load.ts'

/** What one run of one job yields. Times in ms, CPU of the server process alone. */
export interface Measured {
  /** Server CPU per obligation, join, message or connection-second: the job says of what. µs. */
  readonly costMicros: number
  /** Of one core, while measured. */
  readonly cpu: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Part of the obligations that were covered, 0..1. */
  readonly covered: number
  readonly lost: number
  readonly rssBytes: number
  /** What one client received a second. */
  readonly bytesPerClientSecond: number
  /** `ok`, or what was wrong. */
  readonly verified: string
  readonly own: OwnLoad
  /** What only this job knows, by the name of its column. */
  readonly extra: Readonly<Record<string, number>>
}
