import { expect, test } from 'vitest'
import { redisAddress } from './redis-address.ts'
import { addressOptions, connectionOptions, nodeOptions } from './redis-options.ts'
import { yredisOptions } from './yredis-options.ts'

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

test('what an address says is the same for our connections and for those of y-redis', () => {
  for (const url of [
    'redis://ada:safe@redis.example:6380/2',
    'rediss://redis.example',
    'rediss+sentinel://:safe@s1,s2:5000/mymaster',
  ]) {
    const address = redisAddress(url)
    const secrets = { ca: 'PEM', sentinelPassword: 'too' }
    expect(connectionOptions(address, secrets)).toMatchObject(addressOptions(address, secrets))
    expect(yredisOptions(address, secrets)).toEqual(addressOptions(address, secrets))
  }
  expect(connectionOptions(redisAddress('redis+sentinel://s1/mymaster'), {})).toMatchObject({
    failoverDetector: true,
  })
})
