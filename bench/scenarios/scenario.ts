import type { Job } from '../generator/jobs.ts'
import type { Measured } from '../generator/measured.ts'
import { runJob } from '../run-job.ts'
import { startServer, type ServerName, type ServerOptions } from '../servers/catalogue.ts'

/** How thorough: a few seconds a scenario, or what the published tables are made of. */
export interface Effort {
  readonly isQuick: boolean
  /** Everything in a quarter of an hour: only key cases are repeated. */
  readonly isAll: boolean
  /** Repetitions; the tables show medians. */
  readonly runs: number
  /** Length of one measurement. */
  readonly seconds: number
}

/** One row of load, measured on several servers. */
export interface Case {
  readonly label: string
  readonly servers: readonly ServerName[]
  /** Default: the effort's. */
  readonly runs?: number
  /** A target is measured by it: repeated also where everything is. */
  readonly isKey?: boolean
  /** Takes so long that it only runs where `--only` names it. */
  readonly isOnDemand?: boolean
  run(server: ServerName, options: ServerOptions): Promise<Measured>
}

/** A number that only some scenarios have. */
export interface ExtraColumn {
  /** Its name in {@link Measured.extra}. */
  readonly key: string
  readonly title: string
  readonly digits: number
  /** Divides the number; default 1. */
  readonly unit?: number
}

/** What belongs into one table. */
export interface Scenario {
  readonly name: string
  readonly title: string
  /** What one unit of cost is: `covered state`. */
  readonly cost: string
  /** The row others are compared with. */
  readonly yardstick: ServerName
  /** Of targets.md. */
  readonly targets: readonly string[]
  /** What a reader has to know. */
  readonly note: string
  readonly extra: readonly ExtraColumn[]
  cases(effort: Effort): readonly Case[]
}

/** A case that is one job on a fresh server. */
export function jobCase(
  label: string,
  servers: readonly ServerName[],
  job: Job,
  more: {
    readonly runs?: number
    readonly isKey?: boolean
    readonly isOnDemand?: boolean
    readonly env?: NodeJS.ProcessEnv
    /** A job that takes longer hangs. */
    readonly patienceMs?: number
  } = {},
): Case {
  return {
    label,
    servers,
    ...(more.runs === undefined ? {} : { runs: more.runs }),
    isKey: more.isKey ?? false,
    isOnDemand: more.isOnDemand ?? false,
    async run(name, options) {
      const server = await startServer(name, { ...options, env: { ...more.env, ...options.env } })
      try {
        return await runJob(server.target, job, more.patienceMs)
      } finally {
        await server.stop()
      }
    },
  }
}
