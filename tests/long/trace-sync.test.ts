import { ROOTS } from '@roomful/shared'
import { afterEach, expect, test } from 'vitest'
import { acknowledged } from '../support/acknowledged.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/test-server.ts'
import { typeAsAuthor } from '../support/trace-author.ts'
import { applyPatch, loadConcurrentTrace, loadSequentialTrace } from '../support/trace.ts'
import { waitFor } from '../support/wait.ts'

// a trace is typed in seconds, not in months: the rate limit is tested elsewhere
const FAST = { LIMIT_UPDATES_PER_SECOND: '1000000', LIMIT_UPDATES_BURST: '1000000' }
const SEED = Number(process.env['ROOMFUL_SEED'] ?? 20_261_122)

const servers: ServerProcess[] = []
const clients: StockClient[] = []

afterEach(async () => {
  clients.splice(0).forEach((client) => client.destroy())
  await Promise.all(servers.splice(0).map((server) => server.kill('SIGKILL')))
})

async function serve(options: Parameters<typeof startServerProcess>[0]): Promise<ServerProcess> {
  const server = await startServerProcess({ ...options, env: FAST })
  servers.push(server)
  return server
}

function connect(server: ServerProcess): StockClient {
  // not the trace's clientID: Yjs mints a new one when an update comes in under a document's own
  const client = connectStock(server.wsUrl, 'trace')
  clients.push(client)
  return client
}

const text = (client: StockClient): string => client.doc.getText(ROOTS.note).toJSON()

test('[I2] a concurrent trace with random offline spells ends with its content in every copy, an observer and a cold joiner', async () => {
  const trace = loadConcurrentTrace()
  process.stderr.write(`concurrent trace: ${trace.source}, seed ${SEED}\n`)
  const server = await serve({})
  const observer = connect(server)
  const authors = trace.clientIDs.map(() => connect(server))
  const spells = await Promise.all(authors.map((client, author) => typeAsAuthor(client, author, trace, SEED)))
  expect(spells.every((count) => count > 0)).toBe(true)
  const everybody = [...authors, observer]
  const total = trace.endContent.length
  await waitFor(
    'all copies to be complete',
    () => everybody.every((c) => c.doc.getText(ROOTS.note).length === total),
    60_000,
  )
  for (const client of everybody) expect(text(client)).toBe(trace.endContent)
  const cold = connect(server)
  await waitFor('the cold joiner to be synced', () => cold.provider.synced)
  expect(text(cold)).toBe(trace.endContent)
})

test('[I1] [I9] a trace streamed in survives kill -9; the first answer after the restart is complete', async () => {
  const trace = loadSequentialTrace()
  process.stderr.write(`sequential trace: ${trace.source}, ${trace.patches.length} edits\n`)
  const dataDir = temporaryFolder()
  const first = await serve({ dataDir })
  const writer = connect(first)
  await waitFor('the writer to be synced', () => writer.provider.synced)
  const note = writer.doc.getText(ROOTS.note)
  for (const [index, patch] of trace.patches.entries()) {
    writer.doc.transact(() => applyPatch(note, patch))
    if (index % 256 === 0)
      await waitFor('the socket to drain', () => (writer.provider.ws?.bufferedAmount ?? 0) < 1_000_000)
  }
  expect(note.toJSON()).toBe(trace.endContent)
  await acknowledged(writer)
  expect(writer.frames.opened).toBe(1)
  await first.kill('SIGKILL')
  writer.destroy()

  const second = await serve({ dataDir })
  const cold = connect(second)
  let atFirstAnswer: string | undefined
  cold.provider.once('sync', () => {
    atFirstAnswer = text(cold)
  })
  await waitFor('the first answer', () => atFirstAnswer !== undefined)
  expect(atFirstAnswer).toBe(trace.endContent)
})
