import { inspect } from 'node:util'
import { bindRoom, createRedisLog } from '@roomful/server'
import type { RoomName } from '@roomful/shared'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { acknowledged } from '../support/acknowledged.ts'
import { LogReader } from '../support/log-reader.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock } from '../support/stock-client.ts'
import { startServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite()
const LOBBY = 'lobby' as RoomName
/** What docs/deploy/instances.md says the user needs, without the prefix of a channel. */
const RIGHTS =
  'on >pw resetkeys resetchannels ~roomful:* ~{roomful:* &{roomful:* &roomful:* -@all +@read +@write +publish +subscribe +unsubscribe +pubsub +eval +evalsha +info +ping +time'.split(
    ' ',
  )

/** Everything an error would print. */
const printed = (error: unknown): string => inspect(error, { depth: 9, maxStringLength: null })

test('a refused append tells what failed, and nothing of what was written', async () => {
  const redis = await suite.start()
  const failures: Error[] = []
  const backend = await createRedisLog({
    url: redis.url,
    onHealth: (_isHealthy, error) => void (error !== undefined && failures.push(error)),
  })
  const server = await startServer({ backend })
  suite.after(() => server.close())
  const client = connectStock(server.wsUrl, 'lobby')
  suite.after(() => client.destroy())
  await waitFor('the client to be synced', () => client.provider.synced)
  await redis.admin.config('SET', 'maxmemory', '1')
  client.doc.getText('note').insert(0, 'my diary')
  await waitFor('the refusal to be told', () => failures.length > 0)
  expect(failures[0]?.message).toContain('OOM')
  expect(printed(failures)).not.toContain(Buffer.from('diary').toString('hex').match(/../g)?.join(' '))
  expect(printed(failures)).not.toContain('args')
  await redis.admin.config('SET', 'maxmemory', '0')
  await acknowledged(client)
})

test('a Redis that takes no writes is told by a check although nobody writes, and no room is listed for it', async () => {
  const redis = await suite.start()
  const log = await createRedisLog({ url: redis.url })
  suite.after(() => log.close())
  const { admin } = redis
  const keys = await admin.keys('*')
  await log.check?.()
  // nothing was made by asking
  expect((await admin.keys('*')).filter((key) => !key.includes('canary'))).toEqual(keys)

  await admin.config('SET', 'maxmemory', '1')
  await expect(log.check?.()).rejects.toMatchObject({
    code: 'unavailable',
    cause: expect.objectContaining({ message: expect.stringMatching(/^OOM/) }),
  })
  await admin.config('SET', 'maxmemory', '0')
  await log.check?.()

  await admin.config('SET', 'min-replicas-to-write', '1')
  await expect(log.check?.()).rejects.toMatchObject({
    cause: expect.objectContaining({ message: expect.stringMatching(/^NOREPLICAS/) }),
  })
  await admin.config('SET', 'min-replicas-to-write', '0')
  await log.check?.()
  expect(await admin.info('commandstats')).not.toContain('cmdstat_zrangebylex')
})

test('of a cluster, one master that takes no writes is enough for a check to fail', async () => {
  const nodes = await suite.startCluster()
  const log = await createRedisLog({ url: nodes.url })
  suite.after(() => log.close())
  await log.check?.()
  for (const { admin } of nodes.masters) {
    await admin.config('SET', 'maxmemory', '1')
    await expect(log.check?.()).rejects.toMatchObject({
      cause: expect.objectContaining({ message: expect.stringMatching(/^OOM/) }),
    })
    await admin.config('SET', 'maxmemory', '0')
    await log.check?.()
  }
})

test('a password is on no error, of a server or of a binding', async () => {
  const redis = await suite.start({ args: ['--requirepass', 'right'] })
  const url = `redis://:wrong-secret@127.0.0.1:${redis.port}`
  const refusal = await createRedisLog({ url }).catch((error: unknown) => error)
  expect(printed(refusal)).toContain('does not let us in')
  expect(printed(refusal)).not.toContain('wrong-secret')

  const failures: Error[] = []
  const binding = bindRoom('lobby', new Y.Doc(), { url, onError: (error) => failures.push(error) })
  await waitFor('the binding to be refused', () => failures.length > 0)
  await binding.destroy()
  expect(printed(failures)).not.toContain('wrong-secret')
})

test('a binding that is destroyed before Redis was there lets nobody wait', async () => {
  const binding = bindRoom('lobby', new Y.Doc(), { url: 'redis://127.0.0.1:1' })
  await binding.destroy()
  await binding.synced
})

test('with the rights the docs name rooms open; without one of them the start says which', async () => {
  const redis = await suite.start()
  const start = async (...rights: string[]): Promise<void> => {
    await redis.admin.acl('SETUSER', 'app', 'reset', ...rights)
    const log = await createRedisLog({ url: `redis://app:pw@127.0.0.1:${redis.port}` })
    const server = await startServer({ backend: log })
    const client = connectStock(server.wsUrl, 'lobby')
    await waitFor('the client to be synced', () => client.provider.synced)
    client.doc.getText('note').insert(0, 'words')
    await acknowledged(client)
    client.destroy()
    await server.close()
  }
  await start(...RIGHTS)
  await expect(start(...RIGHTS.filter((right) => !right.startsWith('&')))).rejects.toThrow(
    'does not let this user in: allow its channels, ACL SETUSER ... &roomful:* &{roomful:*',
  )
  await expect(start(...RIGHTS.filter((right) => right !== '+pubsub'))).rejects.toThrow(
    'does not let this user in: allow it, ACL SETUSER ... +pubsub, or set YREDIS=off',
  )
})

test('a deletion while Redis is away is refused, and nobody is told of one', async () => {
  const redis = await suite.start({ appendfsync: 'always' })
  const server = await startServer({ backend: await createRedisLog({ url: redis.url }) })
  suite.after(() => server.close())
  const client = connectStock(server.wsUrl, 'lobby')
  suite.after(() => client.destroy())
  const codes: number[] = []
  client.provider.on('connection-close', (event) => void (event !== null && codes.push(event.code)))
  await waitFor('the client to be synced', () => client.provider.synced)
  client.doc.getText('note').insert(0, 'words')
  await acknowledged(client)
  await redis.kill()
  await waitFor('the loss to be noticed', async () => (await fetch(`${server.url}/readyz`)).status === 503)
  await expect(server.server.registry.delete(LOBBY)).rejects.toThrow(/away/)
  await redis.restart()
  client.doc.getText('note').insert(5, ' and more')
  await acknowledged(client)
  expect(codes).toEqual([])
})

test('a room whose keys hold what is none of ours waits alone: Redis is well, and the others go on', async () => {
  const redis = await suite.start()
  const troubles: string[] = []
  const log = await createRedisLog({
    url: redis.url,
    yredis: 'off',
    onHealth: (isHealthy, error) => void (isHealthy || troubles.push(error?.message ?? '')),
  })
  suite.after(() => log.close())
  const [broken, whole] = [await LogReader.open(log, LOBBY), await LogReader.open(log, 'kitchen' as RoomName)]
  await broken.append('first')
  await redis.admin.rename('{roomful:lobby:updates}:log', 'kept')
  await redis.admin.set('{roomful:lobby:updates}:log', 'somebody wrote this')
  const appended = broken.append('second')
  await waitFor('the room to be told', () => broken.probe.gaps.length > 0)
  await whole.append('all is well')
  expect(troubles).toEqual([])
  expect(log.isHealthy).toBe(true)
  expect(broken.probe.gaps.map(({ message }) => message)).toEqual([expect.stringContaining('WRONGTYPE')])

  await redis.admin.rename('kept', '{roomful:lobby:updates}:log')
  await appended
  expect(broken.texts).toEqual(['first', 'second'])
})
