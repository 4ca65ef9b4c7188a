import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import { SimClock } from '../../../tests/support/simulator/sim-clock.ts'
import { waitFor } from '../../../tests/support/wait.ts'
import { RedisPulse } from './redis-pulse.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

/** A server that says nothing on its first connection; what it does on others is up to the test. */
async function listen(onOther: (socket: Socket) => void): Promise<Server> {
  let connections = 0
  const server = createServer((socket) => {
    cleanups.push(() => socket.destroy())
    connections += 1
    if (connections > 1) socket.once('data', () => onOther(socket))
  })
  cleanups.push(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

test('an answer that has come is heard, although the process is so late that its deadline is over as well', async () => {
  const sim = new SimClock()
  const pass = (ms: number): void => {
    for (let left = ms; left > 0;) left = sim.advance(left)
  }
  const server = await listen((socket) => {
    socket.write('+PONG\r\n')
    // a timer that is due when the loop comes round comes before what can be read then
    setTimeout(() => pass(1_000), 1)
    for (const until = performance.now() + 20; performance.now() < until;);
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a server that listens on a port
  const { port } = server.address() as AddressInfo
  const redis = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: null })
  cleanups.push(() => redis.disconnect())
  redis.on('error', () => undefined)
  redis.connect().catch(() => undefined)
  await once(redis, 'connect')

  const troubles: string[] = []
  const clock = {
    now: () => sim.now(),
    after: (ms: number, run: () => void) => sim.after(ms, run),
    endOfTurn: (run: () => void) => void setImmediate(run),
  }
  const pulse = new RedisPulse(redis, clock, {
    isReady: () => false,
    ask: () => undefined,
    died: (error) => troubles.push(error.message),
  })
  cleanups.push(() => pulse.close())
  pass(1_500)
  // the probe is on its way, and takes no time by the clock
  await waitFor('the verdict', () => {
    pass(20)
    return troubles.length > 0
  })
  expect(troubles[0]).toBe('Redis answers others, and not this connection')
})
