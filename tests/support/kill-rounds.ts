import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect } from 'vitest'
import { acknowledged } from './acknowledged.ts'
import { Random } from './random.ts'
import { connectStock, type StockClient } from './stock-client.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './test-server.ts'
import { waitFor } from './wait.ts'

const SEED = Number(process.env['ROOMFUL_SEED'] ?? Date.now() % 1_000_000)

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** What two typists wrote, and how much of it the server owes. */
interface Ledger {
  readonly sent: Set<string>
  readonly acknowledged: Set<string>
}

function missing(owed: ReadonlySet<string>, reader: StockClient): string[] {
  const stored = new Set(reader.doc.getArray<string>('tokens').toArray())
  return [...owed].filter((token) => !stored.has(token))
}

async function join(server: ServerProcess): Promise<StockClient> {
  const client = connectStock(server.wsUrl, 'typing')
  cleanups.push(() => client.destroy())
  await waitFor('a typist to be synced', () => client.provider.synced)
  return client
}

/** Types until the socket is gone; a token counts as sent only while the socket was open. */
async function type(client: StockClient, prefix: string, ledger: Ledger): Promise<void> {
  const socket = client.provider.ws
  for (
    let n = 0;
    socket !== null && client.provider.ws === socket && socket.readyState === socket.OPEN;
    n++
  ) {
    const token = `${prefix}-${n}`
    client.doc.getArray<string>('tokens').push([token])
    ledger.sent.add(token)
    void acknowledged(client).then(
      () => ledger.acknowledged.add(token),
      // the socket went down in this very turn: then nothing was promised
      () => undefined,
    )
    // a fast typist, not a flood: both clients and the test share one thread
    await sleep(1)
  }
}

/**
 * Two clients type while the server is killed at random moments, again and again on one data folder; all copies but the
 * server's are thrown away each time. After SIGKILL it owes what it acknowledged, after SIGTERM all that was sent.
 */
export async function killRounds(signal: 'SIGKILL' | 'SIGTERM', count: number): Promise<void> {
  const owed = (ledger: Ledger): Set<string> => (signal === 'SIGKILL' ? ledger.acknowledged : ledger.sent)
  process.stderr.write(`kill test: seed ${SEED}\n`)
  const random = new Random(SEED)
  const dataDir = temporaryFolder()
  const ledger: Ledger = { sent: new Set(), acknowledged: new Set() }
  for (let round = 0; round < count; round++) {
    const server = await startServerProcess({ dataDir })
    cleanups.push(() => server.kill('SIGKILL'))
    const typists = await Promise.all([join(server), join(server)])
    expect(missing(owed(ledger), typists[0]), `seed ${SEED}, round ${round}`).toEqual([])
    const typing = typists.map((client, index) => type(client, `${round}-${index}`, ledger))
    await sleep(random.between(20, 320))
    const code = await server.kill(signal)
    if (signal === 'SIGTERM') expect(code, `seed ${SEED}, round ${round}: ${server.stderr()}`).toBe(0)
    await Promise.all(typing)
    // all their copies are thrown away: only the server's word counts
    typists.forEach((client) => client.destroy())
  }
  const last = await startServerProcess({ dataDir })
  cleanups.push(() => last.kill('SIGKILL'))
  const reader = await join(last)
  expect(missing(owed(ledger), reader), `seed ${SEED}`).toEqual([])
  expect(owed(ledger).size).toBeGreaterThan(count)
}
