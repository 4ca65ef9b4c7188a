import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPage, readSummaries } from '../results-file.ts'
import { SCENARIOS } from '../scenarios/all.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { ServerName } from '../servers/catalogue.ts'
import { micros, millis, wholePercent } from './markdown.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** Rows of the README: what a reader decides by. */
const HEADLINES: readonly { readonly what: string; readonly scenario: string; readonly label: string }[] = [
  { what: '25 cursors, per state seen', scenario: 'cursors', label: '25 people' },
  { what: '200 cursors, per state seen', scenario: 'cursors', label: '200 people' },
  { what: '20 typing, 100 reading, per delivery', scenario: 'edits', label: '20 writers' },
  { what: '500 rooms of two, per message', scenario: 'rooms', label: '500 x 2' },
  {
    what: 'joining 2 MB, 50 at once while somebody types',
    scenario: 'joins',
    label: '2 MB, 50 at once, dirty',
  },
]
const COLUMNS: readonly ServerName[] = ['roomful', 'y-websocket', 'hocuspocus', 'limit-ws']

/** Writes what was measured into the documents, between `<!-- bench:name -->` and `<!-- /bench:name -->`. */
export function writeDocuments(): void {
  const pages = new Map(SCENARIOS.map((scenario) => [scenario.name, pageOf(scenario)]))
  pages.set('headlines', headlines())
  for (const path of ['docs/performance.md', 'README.md']) {
    const file = join(ROOT, path)
    writeFileSync(file, fill(readFileSync(file, 'utf8'), pages))
  }
}

/** Replaces what stands between marks; a mark that nothing is known of stays as it is. */
export function fill(text: string, pages: ReadonlyMap<string, string>): string {
  return text.replace(
    /(<!-- bench:([a-z-]+) -->\n)[^]*?(<!-- \/bench:\2 -->)/g,
    (whole, start: string, name: string, end: string) => {
      const page = pages.get(name)
      return page === undefined ? whole : `${start}${page}\n${end}`
    },
  )
}

function pageOf(scenario: Scenario): string {
  const page = readPage(scenario)
  return page?.trimEnd() ?? `## ${scenario.title}\n\nNot measured yet: \`npm run bench -- ${scenario.name}\`.`
}

function headlines(): string {
  const rows = HEADLINES.flatMap(({ what, scenario, label }) => {
    const summaries = summariesOf(scenario)
    const cells = COLUMNS.map((server) => {
      const found = summaries.find((summary) => summary.label === label && summary.server === server)
      if (found === undefined) return '–'
      const { costMicros, p99Ms, covered } = found.median
      // speed without what was lost for it would be half of the truth
      const lost = covered < 0.999 ? `, ${Math.round((1 - covered) * 100)} % never arrive` : ''
      return `${micros(costMicros)}, p99 ${millis(p99Ms)}${lost}${found.isVoid ? ' (void)' : ''}`
    })
    return cells.every((cell) => cell === '–') ? [] : [`| ${[what, ...cells].join(' | ')} |`]
  })
  if (rows.length === 0)
    return 'No figures have been taken on a quiet machine yet: `npm run bench -- --all` makes them, and this table.'
  return [
    `| server CPU and latency | ${COLUMNS.join(' | ')} |`,
    `| --- | ${COLUMNS.map(() => '--:').join(' | ')} |`,
    ...rows,
    '',
    `Made by \`npm run bench\`, each table by the line below it; ${restartLine()}`,
  ].join('\n')
}

function restartLine(): string {
  const summaries = summariesOf('restart')
  const lost = (server: ServerName): number | undefined =>
    summaries.find((summary) => summary.server === server)?.median.lost
  const own = lost('roomful')
  const other = lost('y-websocket')
  if (own === undefined || other === undefined) return 'ratios within one run, see docs/performance.md.'
  return `killed after 100,000 updates, Roomful lost ${own.toLocaleString('en-US')}, y-websocket with y-leveldb ${other.toLocaleString('en-US')} (${wholePercent(other / 100_000)}).`
}

function summariesOf(name: string): ReturnType<typeof readSummaries> {
  const scenario = SCENARIOS.find((one) => one.name === name)
  return scenario === undefined ? [] : readSummaries(scenario)
}
