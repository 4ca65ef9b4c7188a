import { expect, test } from 'vitest'
import { redisAddress } from './redis-address.ts'
import { yredisClient, yredisOptions } from './yredis-options.ts'

test('an address becomes what y-redis hands to its client library', () => {
  expect(yredisOptions(redisAddress('redis://127.0.0.1'))).toEqual({ host: '127.0.0.1', port: 6379, db: 0 })
  expect(yredisOptions(redisAddress('rediss://ada:s%40fe@redis.example:6380/2'), { ca: 'PEM' })).toEqual({
    host: 'redis.example',
    port: 6380,
    username: 'ada',
    password: 's@fe',
    db: 2,
    tls: { ca: 'PEM' },
  })
  expect(yredisOptions(redisAddress('rediss://[::1]:7000'))).toEqual({
    host: '::1',
    port: 7000,
    db: 0,
    tls: {},
  })
  expect(
    yredisOptions(redisAddress('redis+sentinel://:safe@s1,s2:5000/mymaster'), { sentinelPassword: 'too' }),
  ).toEqual({
    sentinels: [
      { host: 's1', port: 26379 },
      { host: 's2', port: 5000 },
    ],
    name: 'mymaster',
    sentinelPassword: 'too',
    password: 'safe',
    db: 0,
  })
})

test('of a cluster it gets the nodes apart from what all its connections share', () => {
  expect(yredisClient(redisAddress('redis://a'))).toEqual({ redisOpts: { host: 'a', port: 6379, db: 0 } })
  expect(yredisClient(redisAddress('rediss+cluster://ada:safe@a,b:7000'), { ca: 'PEM' })).toEqual({
    redisOpts: { username: 'ada', password: 'safe', db: 0, tls: { ca: 'PEM' } },
    nodes: [
      { host: 'a', port: 6379 },
      { host: 'b', port: 7000 },
    ],
  })
})
