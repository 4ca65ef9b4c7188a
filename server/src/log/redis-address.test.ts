import { expect, test } from 'vitest'
import { describeAddress, parseRedisAddress, redisAddress } from './redis-address.ts'

const nobody = { username: undefined, password: undefined }

test.each([
  ['redis://127.0.0.1', { nodes: [{ host: '127.0.0.1', port: 6379 }], ...nobody, db: 0, isTls: false }],
  ['redis://redis.example:7000/', { nodes: [{ host: 'redis.example', port: 7000 }] }],
  [
    'rediss://ada:s%40fe@redis.example:6380/2',
    {
      nodes: [{ host: 'redis.example', port: 6380 }],
      username: 'ada',
      password: 's@fe',
      db: 2,
      isTls: true,
    },
  ],
  ['redis://:only-a-password@r', { username: undefined, password: 'only-a-password' }],
  ['rediss://[::1]:7000', { nodes: [{ host: '::1', port: 7000 }], layout: { kind: 'single' } }],
  [
    'redis+sentinel://ada:safe@10.0.0.1,10.0.0.2:5000,[::1]/mymaster/3',
    {
      nodes: [
        { host: '10.0.0.1', port: 26379 },
        { host: '10.0.0.2', port: 5000 },
        { host: '::1', port: 26379 },
      ],
      layout: { kind: 'sentinels', name: 'mymaster' },
      username: 'ada',
      password: 'safe',
      db: 3,
    },
  ],
  ['rediss+sentinel://s/mymaster', { layout: { kind: 'sentinels', name: 'mymaster' }, db: 0, isTls: true }],
  [
    'redis+cluster://ada:safe@10.0.0.1:7000,node.example/',
    {
      layout: { kind: 'cluster' },
      nodes: [
        { host: '10.0.0.1', port: 7000 },
        { host: 'node.example', port: 6379 },
      ],
      username: 'ada',
      password: 'safe',
      isTls: false,
    },
  ],
  ['rediss+cluster://a/0', { layout: { kind: 'cluster' }, db: 0, isTls: true }],
])('%s is an address', (text, expected) => {
  expect(parseRedisAddress(text)).toMatchObject(expected)
})

test.each([
  '127.0.0.1:6379',
  'http://redis.example',
  'redis://',
  'redis://host:port',
  'redis://a,b',
  'redis://a/b',
  'redis://a/-1',
  'redis://a/1/2',
  'redis://a?db=1',
  'redis://100%@a',
  'redis+sentinel://a',
  'redis+sentinel://a/',
  'redis+sentinel://a,/mymaster',
  'redis+sentinel://a/mymaster/x',
  'redis+cluster://',
  'redis+cluster://a,',
  'redis+cluster://a/name',
  'redis+other://a',
])('%s is none', (text) => {
  expect(parseRedisAddress(text)).toBeUndefined()
  expect(() => redisAddress(text)).toThrow(TypeError)
})

test('what is shown of an address has no password, and neither has the error of a wrong one', () => {
  expect(describeAddress(redisAddress('redis://ada:secret@[::1]'))).toBe('[::1]:6379')
  expect(describeAddress(redisAddress('redis+sentinel://:secret@a,b:1/mymaster'))).toBe(
    'mymaster (Sentinels a:26379,b:1)',
  )
  expect(describeAddress(redisAddress('redis+cluster://:secret@a:1,b'))).toBe('a:1,b:6379 (Cluster)')
  expect(() => redisAddress('ada:secret@redis')).toThrow(/^not the address of a Redis: give redis:/)
})

test('a cluster with another database than 0 leads nowhere, and says so', () => {
  expect(() => redisAddress('redis+cluster://:secret@a/2')).toThrow(
    /^a cluster has no database but 0: leave out the \/2/,
  )
})
