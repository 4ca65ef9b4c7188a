import { expect, test } from 'vitest'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServerProcess, type ServerProcess } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite({ shared: true })

/** The lease and one renewal. */
const GONE_MS = 20_000
/** Who may be late on a busy machine. */
const MARGIN_MS = 5_000

async function serve(): Promise<ServerProcess> {
  const server = await startServerProcess({ env: { REDIS_URL: suite.redis.url } })
  suite.after(() => server.kill('SIGKILL'))
  return server
}

async function enter(server: ServerProcess, name: string): Promise<StockClient> {
  const client = connectStock(server.wsUrl, 'lobby')
  suite.after(() => client.destroy())
  client.provider.awareness.setLocalState({ name })
  await waitFor(`${name} to be synced`, () => client.provider.synced)
  return client
}

const seenBy = ({ doc, provider }: StockClient): unknown[] =>
  [...provider.awareness.getStates()]
    .filter(([id]) => id !== doc.clientID)
    .map(([, state]) => state['name'])
    .toSorted()

const sees = (viewer: StockClient, ...names: string[]): Promise<void> =>
  waitFor(`${names.join(', ') || 'nobody'} to be seen`, () => seenBy(viewer).join() === names.join(), 60_000)

test('[I4] kill -9 of an instance: its people are gone within 15 s and a renewal, not before', async () => {
  const [left, right, third] = await Promise.all([serve(), serve(), serve()])
  const ada = await enter(left, 'ada')
  const [bob, eve] = await Promise.all([enter(right, 'bob'), enter(third, 'eve')])
  await Promise.all([sees(bob, 'ada', 'eve'), sees(eve, 'ada', 'bob')])
  // who is not to come back
  ada.provider.shouldConnect = false
  const killedAt = Date.now()
  await left.kill('SIGKILL')
  await Promise.all([sees(bob, 'eve'), sees(eve, 'bob')])
  const gone = Date.now() - killedAt
  expect(gone).toBeLessThan(GONE_MS + MARGIN_MS)
  // its last sign of life may be a renewal old
  expect(gone).toBeGreaterThan(GONE_MS / 2 - 1_000)
})

test('[I4] an instance that is paused for longer than its lease comes back with its people', async () => {
  const [left, right] = await Promise.all([serve(), serve()])
  const ada = await enter(left, 'ada')
  const bob = await enter(right, 'bob')
  await Promise.all([sees(ada, 'bob'), sees(bob, 'ada')])
  left.signal('SIGSTOP')
  await sees(bob)
  left.signal('SIGCONT')
  await sees(bob, 'ada')
  await sees(ada, 'bob')
  ada.provider.awareness.setLocalState({ name: 'ada again' })
  await sees(bob, 'ada again')
})
