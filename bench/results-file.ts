import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from './report/environment.ts'
import { tableOf } from './report/markdown.ts'
import type { Summary } from './report/summary.ts'
import type { Scenario } from './scenarios/scenario.ts'

/** Where results are kept. */
export const RESULTS = join(import.meta.dirname, 'results')

/** Writes `<scenario>.json` with every run and `<scenario>.md` with the table. @returns the table. */
export function writeResults(
  scenario: Scenario,
  environment: Environment,
  summaries: readonly Summary[],
  folder = RESULTS,
): string {
  mkdirSync(folder, { recursive: true })
  const table = tableOf(scenario, summaries)
  const json = JSON.stringify({ scenario: scenario.name, environment, summaries }, spellOut, 1)
  writeFileSync(join(folder, `${scenario.name}.json`), `${json}\n`)
  writeFileSync(join(folder, `${scenario.name}.md`), pageOf(scenario, environment, table))
  return table
}

/** The page of a scenario, as it was written; `undefined` where it was never measured. */
export function readPage(scenario: Scenario): string | undefined {
  return readText(`${scenario.name}.md`)
}

/** The medians of a scenario as they were written. */
export function readSummaries(scenario: Scenario): readonly Summary[] {
  const text = readText(`${scenario.name}.json`)
  if (text === undefined) return []
  // written by us
  const result = JSON.parse(text, understand) as { readonly summaries: readonly Summary[] }
  return result.summaries
}

function readText(name: string): string | undefined {
  try {
    return readFileSync(join(RESULTS, name), 'utf8')
  } catch {
    // not measured yet
    return undefined
  }
}

function pageOf(scenario: Scenario, environment: Environment, table: string): string {
  const { date, command, node, os, cpu, memoryGiB, load, servers } = environment
  const versions = Object.values(servers).filter((version, i, all) => all.indexOf(version) === i)
  return [
    `## ${scenario.title}`,
    '',
    scenario.note,
    '',
    table,
    '',
    `\`${command}\`, ${date.slice(0, 16).replace('T', ' ')} UTC; Node ${node}, ${os}, ${cpu}, ${memoryGiB} GiB, load ${load} at the start; ${versions.join(', ')}.`,
    '',
  ].join('\n')
}

const NOT_FINITE: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
])

function understand(_key: string, value: unknown): unknown {
  return NOT_FINITE.get(value) ?? value
}

/** JSON knows no infinity. */
function spellOut(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
