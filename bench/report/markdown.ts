import type { Scenario } from '../scenarios/scenario.ts'
import type { Summary } from './summary.ts'

const MIB = 1024 * 1024
const KIB = 1024

/** One table for a scenario: speed, coverage, loss and verification side by side. */
export function tableOf(scenario: Scenario, summaries: readonly Summary[]): string {
  const head = [
    'case',
    'server',
    `CPU per ${scenario.cost}`,
    `x ${scenario.yardstick}`,
    'p50',
    'p99',
    'covered',
    'lost',
    'core',
    'RSS',
    'KiB/s/client',
    ...scenario.extra.map((column) => column.title),
    'verified',
  ]
  const rows = summaries.map((summary) => {
    const { median: m, label, server } = summary
    const yardstick = summaries.find((other) => other.label === label && other.server === scenario.yardstick)
    return [
      label,
      server,
      micros(m.costMicros),
      ratio(m.costMicros, yardstick?.median.costMicros),
      millis(m.p50Ms),
      millis(m.p99Ms),
      percent(m.covered, 1),
      count(m.lost),
      percent(m.cpu, 0),
      `${number(m.rssBytes / MIB, 0)} MiB`,
      number(m.bytesPerClientSecond / KIB, 1),
      ...scenario.extra.map(({ key, digits, unit = 1 }) =>
        number((m.extra[key] ?? Number.NaN) / unit, digits),
      ),
      summary.isVoid ? `${m.verified}; VOID: ${summary.voids[0] ?? ''}` : m.verified,
    ]
  })
  return [head, head.map((_title, i) => (i < 2 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function number(value: number, digits: number): string {
  if (Number.isNaN(value)) return '–'
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits })
}

function count(value: number): string {
  return number(value, 0)
}

/** A cost as people read it. */
export function micros(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 10_000 ? `${number(value / 1_000, 1)} ms` : `${number(value, value < 10 ? 2 : 1)} µs`
}

/** A time; never is ∞. */
export function millis(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '∞'
  return Number.isNaN(value) ? '–' : `${number(value, value < 10 ? 1 : 0)} ms`
}

/** A part in whole per cent. */
export function wholePercent(part: number): string {
  return percent(part, 0)
}

function percent(part: number, digits: number): string {
  return Number.isNaN(part) ? '–' : `${number(part * 100, digits)} %`
}

function ratio(value: number, of: number | undefined): string {
  return of === undefined || !(of > 0) ? '–' : number(value / of, 2)
}
