import { voidReason } from './generator/own-load.ts'
import type { Measured } from './generator/measured.ts'
import { summarise, type Summary } from './report/summary.ts'
import type { Effort, Scenario } from './scenarios/scenario.ts'
import type { ServerName, ServerOptions } from './servers/catalogue.ts'

/** What a measurement may depart in. */
export interface MeasureOptions {
  readonly effort: Effort
  /** Only these. */
  readonly servers?: readonly ServerName[] | undefined
  /** Only cases whose label contains it. */
  readonly only?: string | undefined
  readonly server?: ServerOptions
  readonly say: (line: string) => void
}

/** A void run is tried so often again. */
const RETRIES = 1

/** Runs all cases of a scenario: the servers of a case take turns, so that whatever else the machine does hits all alike. */
export async function measure(scenario: Scenario, options: MeasureOptions): Promise<readonly Summary[]> {
  const { effort, say, only, server = {} } = options
  const summaries: Summary[] = []
  for (const one of scenario.cases(effort)) {
    if (only === undefined ? one.isOnDemand === true : !one.label.includes(only)) continue
    const servers = one.servers.filter((name) => options.servers?.includes(name) ?? true)
    const results = new Map<ServerName, Measured[]>(servers.map((name) => [name, []]))
    const runs = one.runs ?? (effort.isAll && one.isKey !== true ? 1 : effort.runs)
    for (let run = 0; run < runs; run += 1) {
      for (const name of servers) {
        let left = effort.isQuick ? 0 : RETRIES
        for (;;) {
          const measured = await one.run(name, server).catch(failed)
          results.get(name)?.push(measured)
          const reason = voidReason(measured.own)
          say(lineOf(scenario, one.label, name, measured, reason))
          if (reason === undefined || left === 0) break
          left -= 1
        }
      }
    }
    for (const [name, runs] of results) if (runs.length > 0) summaries.push(summarise(one.label, name, runs))
  }
  return summaries
}

/** One server that cannot do it must not end the run of all: its row says why. */
function failed(error: unknown): Measured {
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  const none = Number.NaN
  return {
    costMicros: none,
    cpu: none,
    p50Ms: none,
    p99Ms: none,
    covered: none,
    lost: none,
    rssBytes: none,
    bytesPerClientSecond: none,
    verified: `failed: ${message.slice(0, LONGEST_REASON)}`,
    own: { cpu: 0, delayP99Ms: 0 },
    extra: {},
  }
}

const LONGEST_REASON = 80

function lineOf(
  scenario: Scenario,
  label: string,
  server: ServerName,
  measured: Measured,
  reason: string | undefined,
): string {
  const { costMicros, p50Ms, p99Ms, covered, cpu, verified } = measured
  const cells = [
    `${scenario.name} · ${label}`.padEnd(28),
    server.padEnd(13),
    `${costMicros.toFixed(2)} µs`.padStart(12),
    `p50 ${p50Ms.toFixed(1)}`.padStart(11),
    `p99 ${p99Ms.toFixed(1)}`.padStart(12),
    `${(covered * 100).toFixed(1)} %`.padStart(8),
    `core ${(cpu * 100).toFixed(0)} %`.padStart(10),
    verified,
  ]
  return `${cells.join('  ')}${reason === undefined ? '' : `  VOID: ${reason}`}`
}
