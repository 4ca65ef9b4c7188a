import { afterEach, expect, test } from 'vitest'
import { Traffic } from '../support/past-a-reader.ts'
import { readMetric, startServerProcess, type ServerProcess } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const MiB = 1_048_576

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(env: Record<string, string>): Promise<[Traffic, ServerProcess]> {
  const server = await startServerProcess({ env })
  cleanups.push(() => server.kill('SIGKILL'))
  const traffic = await Traffic.start(server)
  cleanups.push(() => traffic.close())
  // a young process grows by itself: its heap, the compaction thread's and LevelDB's buffers find their size
  await traffic.pass(40)
  return [traffic, server]
}

test('[I6] [W25] [limit:sendBufferBytes] 200 MB past a member that stopped reading: RSS under +10 MB, and it converges on the same socket', async () => {
  // how long the 200 MB take depends on the machine; that a stalled reader is closed is the next test
  const [traffic] = await start({ LIMIT_SEND_STALL_MS: '600000' })
  // the same traffic while everybody reads: what the server takes for it anyway
  const { peakRss: rss } = await traffic.pass(200)
  traffic.slow.ws.pause()
  const { peakRss, peakBuffered } = await traffic.pass(200)
  process.stderr.write(
    `RSS ${(rss / MiB).toFixed(1)} MiB, at most ${((peakRss - rss) / MiB).toFixed(1)} MiB more; ` +
      `${(peakBuffered / MiB).toFixed(1)} MiB in send buffers\n`,
  )
  expect(peakRss - rss).toBeLessThan(10_000_000)
  expect(peakBuffered).toBeLessThan(4 * MiB)
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
