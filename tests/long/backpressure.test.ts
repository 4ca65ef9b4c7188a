import { afterEach, expect, test } from 'vitest'
import { EXACT_MEMORY } from '../support/exact-memory.ts'
import { Traffic, type Passed } from '../support/past-a-reader.ts'
import { PROBE_ARGS, readHeld } from '../support/soak/held.ts'
import { readMetric, startServerProcess, type ServerProcess } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const MiB = 1_048_576

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(
  env: Record<string, string>,
  nodeArgs: readonly string[] = [],
): Promise<[Traffic, ServerProcess]> {
  const server = await startServerProcess({ env, nodeArgs })
  cleanups.push(() => server.kill('SIGKILL'))
  const traffic = await Traffic.start(server)
  cleanups.push(() => traffic.close())
  // a young process grows by itself: its heap, the compaction thread's and LevelDB's buffers find their size
  await traffic.pass(100)
  return [traffic, server]
}

test('[I6] [W25] [limit:sendBufferBytes] 200 MB past a member that stopped reading: RSS grows by less than 10 MB, and it converges on the same socket', async () => {
  // how long the 200 MB take depends on the machine; that a stalled reader is closed is the next test
  const [traffic, server] = await start({ ...EXACT_MEMORY, LIMIT_SEND_STALL_MS: '600000' }, PROBE_ARGS)
  // what is held: 10 MB a second leave up to 80 MB of garbage, and when that is collected is V8's business
  const look = async (): Promise<number> => (await readHeld(server)).rss
  // the same traffic while everybody reads: what the server takes for it anyway
  const reading = await traffic.pass(200, look)
  traffic.slow.ws.pause()
  const stopped = await traffic.pass(200, look)
  process.stderr.write(
    `RSS ${line(reading)} while all read, ${line(stopped)} past the one that stopped; ` +
      `${(stopped.peakBuffered / MiB).toFixed(1)} MiB in send buffers\n`,
  )
  // typical and greatest: a queue of 200 MB would be in both
  expect(stopped.medianRss - reading.medianRss).toBeLessThan(10_000_000)
  expect(stopped.peakRss - reading.peakRss).toBeLessThan(10_000_000)
  expect(stopped.peakBuffered).toBeLessThan(4 * MiB)
  traffic.slow.ws.resume()
  await traffic.converges()
  expect([traffic.slow, traffic.reader, traffic.writer].map((socket) => socket.closed)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  await traffic.pass(1)
  await traffic.converges()
})

test('[I6] [W25] [limit:sendStallMs] one that takes nothing for the stall time is closed with 1013, and nobody else notices', async () => {
  const [traffic, server] = await start({ LIMIT_SEND_STALL_MS: '5000' })
  traffic.slow.ws.pause()
  await waitFor(
    'it to be closed',
    async () => {
      await traffic.pass(2)
      return (await readMetric(server.url, 'roomful_closed_total{code="1013"}')) === 1
    },
    120_000,
  )
  expect(await readMetric(server.url, 'roomful_limit_hits_total{limit="sendStallMs"}')).toBe(1)
  traffic.slow.ws.resume()
  // the code stands behind what it has not read, and three seconds later the socket is ended all the same
  expect([1013, 1006]).toContain((await traffic.slow.closing()).code)
  await traffic.pass(2)
  expect([traffic.reader.closed, traffic.writer.closed]).toEqual([undefined, undefined])
})

function line({ leastRss, medianRss, peakRss }: Passed): string {
  return `${(leastRss / MiB).toFixed(1)} MiB at least, ${(medianRss / MiB).toFixed(1)} typically, at most ${(peakRss / MiB).toFixed(1)}`
}
