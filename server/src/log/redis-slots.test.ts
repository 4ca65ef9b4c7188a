import { expect, test } from 'vitest'
import { RedisKeys } from './redis-keys.ts'
import { parseClusterView, parseRedirect, slotOf } from './redis-slots.ts'

const asked = { host: 'asked', port: 1 }

test('a key falls into the slot that Redis Cluster gives it', () => {
  // the specification's own example, and what CLUSTER KEYSLOT answers
  expect(slotOf('123456789')).toBe(0x31c3)
  expect(slotOf('foo')).toBe(12_182)
  expect(slotOf('foo{}{bar}')).toBe(8_363)
  expect(slotOf('{user1000}.following')).toBe(slotOf('user1000'))
  expect(slotOf('foo{{bar}}zap')).toBe(slotOf('{bar'))
  expect(slotOf('foo{bar}{zap}')).toBe(slotOf('bar'))
})

test("all that is a room's is in one slot, with y-redis's own list and the room's channel", () => {
  for (const name of ['lobby', 'a.b_c~d-E', 'x'.repeat(128)]) {
    // a name that was parsed
    const { bell, mark, ...others } = new RedisKeys('roomful:', true).room(name as never)
    expect(new Set(Object.values(others).map(slotOf)).size).toBe(1)
    expect(bell).toBe(`roomful:${name}`)
    expect(mark).toBe('')
  }
})

const INFO = Buffer.from('cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_current_epoch:7\r\n')

test('a view is read with its masters, its replicas and its epoch', () => {
  const slots = [
    [0, 8_191, [Buffer.from('10.0.0.1'), 7_000, Buffer.from('id')], [Buffer.from('10.0.0.2'), 7_001]],
    [8_192, 16_383, [Buffer.from('redis.example'), 7_002, Buffer.from('id'), []]],
  ]
  expect(parseClusterView(slots, INFO, asked)).toEqual({
    epoch: 7,
    ranges: [
      {
        from: 0,
        to: 8_191,
        master: { host: '10.0.0.1', port: 7_000 },
        replicas: [{ host: '10.0.0.2', port: 7_001 }],
      },
      { from: 8_192, to: 16_383, master: { host: 'redis.example', port: 7_002 }, replicas: [] },
    ],
  })
})

test.each([null, '', '?'])('a node that announces %j as its host is where it was asked', (host) => {
  const slots = [[0, 16_383, [host, 7_000]]]
  expect(parseClusterView(slots, INFO, asked)?.ranges[0]?.master).toEqual({ host: 'asked', port: 7_000 })
})

test('a node that takes the cluster to be down has no view', () => {
  const slots = [[0, 16_383, ['10.0.0.1', 7_000]]]
  expect(parseClusterView(slots, Buffer.from('cluster_state:fail\r\n'), asked)).toBeUndefined()
  expect(parseClusterView(slots, undefined, asked)).toBeUndefined()
})

test('what is no range of slots is left out', () => {
  const slots = ['x', [], [0], [0, 16_384, ['h', 1]], [1, 2, ['h', 'x']], [3, 4, ['h', 5]]]
  expect(parseClusterView(slots, INFO, asked)?.ranges).toEqual([
    { from: 3, to: 4, master: { host: 'h', port: 5 }, replicas: [] },
  ])
})

test.each([
  ['MOVED 12182 10.0.0.1:7001', { kind: 'moved', slot: 12_182, to: { host: '10.0.0.1', port: 7_001 } }],
  ['ASK 1 ::1:7001', { kind: 'ask', slot: 1, to: { host: '::1', port: 7_001 } }],
  ['MOVED 0 :7001', { kind: 'moved', slot: 0, to: { host: 'asked', port: 7_001 } }],
])('%s sends us elsewhere', (message, expected) => {
  expect(parseRedirect(new Error(message), asked)).toEqual(expected)
})

test.each(['MOVED 16384 h:1', 'MOVED h:1', 'ERR MOVED 1 h:1', 'TRYAGAIN Multiple keys request'])(
  '%s does not',
  (message) => {
    expect(parseRedirect(new Error(message), asked)).toBeUndefined()
    expect(parseRedirect(message, asked)).toBeUndefined()
  },
)
