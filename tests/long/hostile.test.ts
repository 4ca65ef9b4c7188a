import * as Y from 'yjs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { HOSTILE_KINDS } from '../support/hostile/kinds.ts'
import { besiege } from '../support/hostile/siege.ts'
import { connectStock } from '../support/stock-client.ts'
import {
  readMetric,
  startServerProcess,
  temporaryFolder,
  type ServerProcess,
} from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const MUTATIONS = 200
const SEED = 100
const MB = 1_000_000
const STANDSTILL_MS = 15_000
/** What the process may keep of it: rooms stay for half a minute, and the collector takes its time. */
const MEMORY_MB = 200

/** A quarter of a minute each on a free machine. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 })

let server: ServerProcess
const dataDir = temporaryFolder()
const start = (): Promise<ServerProcess> =>
  startServerProcess({ dataDir, env: { LOG_LEVEL: 'error', LIMIT_CONNECTIONS_PER_ADDRESS: '20000' } })
const rssMb = async (): Promise<number> =>
  (await readMetric(server.url, 'process_resident_memory_bytes')) / MB
let before = 0
let longest = { name: '', ms: 0 }

beforeAll(async () => {
  server = await start()
  // the reading thread and the first rooms belong to the ground
  await besiege(server, HOSTILE_KINDS.slice(0, 1), 1, 1)
  before = await rssMb()
})
afterAll(async () => {
  await server.kill('SIGKILL')
})

describe(`[I3] [I5] ${MUTATIONS} mutations`, () => {
  test.each(HOSTILE_KINDS.map((kind, index) => ({ kind, index, name: kind.name })))(
    'of "$name" touch nobody but their senders',
    async ({ kind, index, name }) => {
      const { ends, longestMs } = await besiege(server, [kind], MUTATIONS, SEED + index)
      expect([...ends.values()].reduce((sum, count) => sum + count, 0)).toBe(MUTATIONS)
      expect(await readMetric(server.url, 'roomful_callback_errors_total')).toBe(0)
      if (longestMs > longest.ms) longest = { name, ms: longestMs }
    },
  )

  test('and when all is over, memory is back, and what was stored is what the rooms said', async () => {
    // wall time beside other processes says only that it never stood still; bench/hostile.ts measures turns in CPU
    expect(longest).toMatchObject({ ms: expect.toSatisfy((ms: number) => ms < STANDSTILL_MS) })
    await waitFor('memory to be given back', async () => (await rssMb()) < before + MEMORY_MB, 120_000)
    const rooms = HOSTILE_KINDS.map((_kind, index) => `siege-${SEED + index}`)
    const said = await vectorsOf(rooms)
    await server.kill('SIGKILL')
    server = await start()
    expect(await vectorsOf(rooms)).toEqual(said)
    expect(await readMetric(server.url, 'roomful_storage_events_total{what="quarantined-entry"}')).toBe(0)
  })
})

/** State vectors of rooms as a newcomer gets them. */
async function vectorsOf(rooms: readonly string[]): Promise<string[]> {
  const vectors: string[] = []
  for (const room of rooms) {
    const client = connectStock(server.wsUrl, room)
    try {
      await waitFor(`${room} to be synced`, () => client.provider.synced)
      expect(client.doc.getText('note').toJSON()).toContain('Ann goes on.')
      vectors.push(Buffer.from(Y.encodeStateVector(client.doc)).toString('hex'))
    } finally {
      client.destroy()
    }
  }
  return vectors
}
