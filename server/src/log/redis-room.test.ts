import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { bytesOf, LogProbe, roomNamed } from './contract-probe.ts'
import { RedisConnection } from './redis-connection.ts'
import { encodePayload } from './redis-entry.ts'
import { RedisKeys } from './redis-keys.ts'
import { RedisRoom } from './redis-room.ts'
import { createRedisCounts } from './redis-stats.ts'

test('a first entry that overtakes the answer "nothing is stored" does not make the log another one', () => {
  const connection = new RedisConnection(new Redis({ lazyConnect: true, port: 1 }), systemClock, {
    ready: () => undefined,
    lost: () => undefined,
  })
  // whatever is asked fails at once
  connection.close()
  const room = roomNamed('lobby')
  const probe = new LogProbe()
  const log = new RedisRoom(room, new RedisKeys('p:').room(room), undefined, probe, {
    connection,
    clock: systemClock,
    rooms: 'p:rooms',
    yredis: {
      mode: 'off',
      loader: { load: () => Promise.reject(new Error('not asked for')), close: () => Promise.resolve() },
    },
    writer: 'here',
    instance: 'here',
    heardOf: () => undefined,
    mintEpoch: () => 'proposed',
    wake: () => undefined,
    failed: () => undefined,
    touched: () => undefined,
    stored: () => undefined,
    answered: () => undefined,
    counts: createRedisCounts(),
    left: () => undefined,
  })
  log.check()
  const [look] = log.takeJobs()
  const payload = encodePayload([
    { update: Buffer.from(bytesOf('first')), meta: { instanceId: 'there', at: 0 } },
  ])
  log.heard(Buffer.concat([Buffer.from('e theirs 0 1 there 1\n'), payload]))
  look?.answered([])
  expect(probe.texts).toEqual(['first'])
  expect(log.head.epoch).toBe('theirs')
  // a room that reads its log anew asks nothing else meanwhile
  log.check()
  expect(log.takeJobs()).toHaveLength(1)
})
