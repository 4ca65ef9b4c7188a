import { expect, test } from 'vitest'
import { redisAddress } from './redis-address.ts'
import { nodeOptions } from './redis-options.ts'

const node = { host: '10.0.0.7', port: 7_000 }

test('a node that goes by its number is held to the name under which its cluster was given', () => {
  const named = redisAddress('rediss+cluster://redis.example')
  expect(nodeOptions(named, { ca: 'PEM' }, node)).toEqual({
    ...node,
    tls: { ca: 'PEM', servername: 'redis.example' },
  })
  expect(nodeOptions(named, {}, { host: 'node7.example', port: 1 })).toEqual({
    host: 'node7.example',
    port: 1,
    tls: {},
  })
  expect(nodeOptions(redisAddress('rediss+cluster://10.0.0.1'), {}, node)).toEqual({ ...node, tls: {} })
  expect(nodeOptions(redisAddress('redis+cluster://redis.example'), {}, node)).toEqual(node)
})
