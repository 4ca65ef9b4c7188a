import { ROOTS } from '@roomful/shared'
import { expect, test } from 'vitest'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServerProcess, type ServerProcess } from '../support/test-server.ts'
import { typeAsAuthor } from '../support/trace-author.ts'
import { loadConcurrentTrace } from '../support/trace.ts'
import { waitFor } from '../support/wait.ts'

// a trace is typed in seconds, not in months: the rate limit is tested elsewhere
const FAST = { LIMIT_UPDATES_PER_SECOND: '1000000', LIMIT_UPDATES_BURST: '1000000' }
const SEED = Number(process.env['ROOMFUL_SEED'] ?? 20_261_123)

const suite = redisSuite({ shared: true })

async function serve(instanceId: string): Promise<ServerProcess> {
  const env = { ...FAST, REDIS_URL: suite.redis.url, INSTANCE_ID: instanceId }
  const server = await startServerProcess({ env })
  suite.after(() => server.kill('SIGKILL'))
  return server
}

function connect(server: ServerProcess): StockClient {
  const client = connectStock(server.wsUrl, 'trace')
  suite.after(() => client.destroy())
  return client
}

const text = (client: StockClient): string => client.doc.getText(ROOTS.note).toJSON()

test('[I2] a trace whose authors are on different instances ends with its content on both, and for a newcomer on each', async () => {
  const trace = loadConcurrentTrace()
  process.stderr.write(`trace across instances: ${trace.source}, seed ${SEED}\n`)
  const servers = await Promise.all([serve('left'), serve('right')])
  const at = (index: number): ServerProcess => servers[index % servers.length] ?? servers[0]
  const observers = servers.map(connect)
  const authors = trace.clientIDs.map((_, author) => connect(at(author)))
  const spells = await Promise.all(authors.map((client, author) => typeAsAuthor(client, author, trace, SEED)))
  expect(authors.length).toBeGreaterThan(1)
  expect(spells.every((count) => count > 0)).toBe(true)
  const everybody = [...authors, ...observers]
  await waitFor(
    'all copies to be complete',
    () => everybody.every((c) => text(c) === trace.endContent),
    60_000,
  )

  // a third instance has nothing but what Redis holds
  for (const server of [...servers, await serve('late')]) {
    const newcomer = connect(server)
    await waitFor('the newcomer to be synced', () => newcomer.provider.synced)
    expect(text(newcomer)).toBe(trace.endContent)
  }
})
