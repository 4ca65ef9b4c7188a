import { bindRoom, createRedisLog } from '@roomful/server'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { acknowledged } from '../support/acknowledged.ts'
import { TLS_AUTHORITY } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock } from '../support/stock-client.ts'
import { runServer, startServer, startServerProcess } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite()

test('a server and a process reach Redis over TLS with the authority they are given', async () => {
  const redis = await suite.start({ isTls: true })
  const url = `rediss://localhost:${redis.port}`
  const server = await startServerProcess({
    env: { REDIS_URL: url, REDIS_CA: TLS_AUTHORITY.replaceAll('\n', '\\n') },
  })
  suite.after(() => server.kill('SIGKILL'))
  const client = connectStock(server.wsUrl, 'lobby')
  suite.after(() => client.destroy())
  await waitFor('the client to be synced', () => client.provider.synced)
  client.doc.getText('note').insert(0, 'over TLS')
  await acknowledged(client)

  const doc = new Y.Doc()
  const binding = bindRoom('lobby', doc, { url, ca: TLS_AUTHORITY })
  suite.after(() => binding.destroy())
  await waitFor('the process to have it', () => doc.getText('note').toJSON() === 'over TLS')
  doc.getText('note').insert(0, 'all ')
  await waitFor('the client to have what the process wrote', () =>
    client.doc.getText('note').toJSON().startsWith('all '),
  )
})

async function tellThrough(url: string): Promise<void> {
  const server = await startServer({ backend: await createRedisLog({ url, ca: TLS_AUTHORITY }) })
  suite.after(() => server.close())
  const client = connectStock(server.wsUrl, 'lobby')
  suite.after(() => client.destroy())
  await waitFor('the client to be synced', () => client.provider.synced)
  client.doc.getText('note').insert(0, 'over TLS')
  await acknowledged(client)
  const doc = new Y.Doc()
  const binding = bindRoom('lobby', doc, { url, ca: TLS_AUTHORITY })
  suite.after(() => binding.destroy())
  await waitFor('the process to have it', () => doc.getText('note').toJSON() === 'over TLS')
  doc.getText('note').insert(0, 'all ')
  await waitFor('the client to have what the process wrote', () =>
    client.doc.getText('note').toJSON().startsWith('all '),
  )
}

test('Sentinels and the Redis they name are reached over TLS', async () => {
  const redis = await suite.start({ isTls: true })
  const sentinel = await suite.start({
    isTls: true,
    sentinel: [`sentinel monitor rooms 127.0.0.1 ${redis.port} 1`],
  })
  await tellThrough(`rediss+sentinel://localhost:${sentinel.port}/rooms`)
})

test('the nodes of a cluster are reached over TLS', async () => {
  const nodes = await suite.startCluster({ node: { isTls: true } })
  await tellThrough(nodes.url.replace('redis+cluster://127.0.0.1', 'rediss+cluster://localhost'))
})

test('a certificate of an authority nobody knows is one line that says what to do, at once', async () => {
  const redis = await suite.start({ isTls: true })
  const ended = await runServer({ env: { REDIS_URL: `rediss://localhost:${redis.port}` } })
  expect(ended.code).toBe(1)
  expect(ended.stderr).toMatch(
    /Cannot start: Redis at localhost:\d+ has a certificate that is not trusted \(.+\): put the PEM of its authority into REDIS_CA/,
  )
})
