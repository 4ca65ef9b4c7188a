import { parseArgs } from 'node:util'
import { measure } from './measure.ts'
import { writeDocuments } from './report/documents.ts'
import { environmentOf } from './report/environment.ts'
import { writeResults } from './results-file.ts'
import { SCENARIOS } from './scenarios/all.ts'
import type { Effort, Scenario } from './scenarios/scenario.ts'
import { isPeer, SERVER_NAMES, type ServerName } from './servers/catalogue.ts'
import { installPeers } from './servers/peers.ts'

const HELP = `Measures Roomful beside other servers, in one interleaved run on one machine.

  npm run bench                          what there is
  npm run bench -- cursors               one scenario, all its cases
  npm run bench -- cursors --only 200    those cases whose label contains 200
  npm run bench -- --all                 everything; a quarter of an hour on a quiet machine; writes bench/results
                                         and the tables of docs/performance.md and README.md

  --quick              a few seconds a scenario: small loads, one run; nothing is written
  --runs <n>           3; tables show medians
  --seconds <n>        3: length of one measurement
  --servers <a,b>      of ${SERVER_NAMES.join(', ')}
  --cpu-prof <folder>  profiles of the servers
  --dry                do not write bench/results
  --report             only writes bench/results into docs/performance.md and README.md

Scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}
Read ratios within one run, not figures of two. Needs Linux (/proc).
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    runs: { type: 'string' },
    seconds: { type: 'string' },
    servers: { type: 'string' },
    only: { type: 'string' },
    'cpu-prof': { type: 'string' },
  },
})

async function main(): Promise<void> {
  if (values.report) {
    writeDocuments()
    return
  }
  const scenarios = values.all ? SCENARIOS : positionals.map(scenarioOf)
  if (values.help || scenarios.length === 0) {
    console.log(HELP)
    return
  }
  const say = (line: string): void => console.error(line)
  const effort: Effort = {
    isQuick: values.quick,
    isAll: values.all,
    runs: Number(values.runs ?? (values.quick ? 1 : 3)),
    seconds: Number(values.seconds ?? (values.quick ? 1 : values.all ? 2 : 3)),
  }
  const servers = values.servers?.split(',').map(serverOf)
  const wanted = SERVER_NAMES.filter((name) => servers?.includes(name) ?? true)
  if (wanted.some(isPeer)) await installPeers(say)
  const profile = values['cpu-prof']
  const nodeArgs = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ')
  for (const scenario of scenarios) {
    const environment = environmentOf(wanted, command)
    const summaries = await measure(scenario, {
      effort,
      servers,
      only: values.only,
      server: { nodeArgs },
      say,
    })
    // a part would take the place of the whole
    const isPublished = !values.quick && !values.dry && values.only === undefined && servers === undefined
    const table = writeResults(scenario, environment, summaries, ...(isPublished ? [] : [TMP]))
    console.log(`\n${scenario.title}\n\n${table}\n`)
    if (isPublished) writeDocuments()
  }
}

/** Git-ignored: results that are nobody's but the caller's. */
const TMP = new URL('results/tmp', import.meta.url).pathname

function scenarioOf(name: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}; npm run bench lists them`)
  return scenario
}

function serverOf(name: string): ServerName {
  const server = SERVER_NAMES.find((one) => one === name)
  if (server === undefined) throw new Error(`there is no server ${name}: ${SERVER_NAMES.join(', ')}`)
  return server
}

// an exit ends the servers; a signal alone would leave them
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

await main()
