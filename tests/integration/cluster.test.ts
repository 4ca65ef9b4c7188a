import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { redisSuite } from '../support/redis-suite.ts'
import { connectRoomful, type RoomfulClient } from '../support/roomful-client.ts'
import { temporaryFolder } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const { after } = redisSuite()

/** `npm run cluster` as a process, without npm. */
interface Cluster {
  readonly pid: number
  readonly url: string
  readonly redis: string
  stderr(): string
  /** Resolves to exit code and signal. */
  kill(signal: NodeJS.Signals): Promise<unknown>
}

function launch(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['scripts/cluster.mjs', ...args], {
    cwd: ROOT,
    env: { ...process.env, LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes: Buffer) => (output.stdout += String(bytes)))
  child.stderr.on('data', (bytes: Buffer) => (output.stderr += String(bytes)))
  after(async () => {
    child.kill('SIGTERM')
    await closed
  })
  return { child, closed, output }
}

async function startCluster(): Promise<Cluster> {
  const { child, closed, output } = launch(['--port', '0'])
  await Promise.race([
    waitFor('the cluster to listen', () => output.stdout.includes('\n')),
    closed.then((): never => {
      throw new Error(`it ended before it listened:\n${output.stderr}`)
    }),
  ])
  const { url, redis } = JSON.parse(output.stdout) as { url: string; redis: string }
  return {
    pid: child.pid ?? -1,
    url,
    redis,
    stderr: () => output.stderr,
    kill(signal) {
      child.kill(signal)
      return closed
    },
  }
}

function enter({ url }: Cluster): RoomfulClient {
  const client = connectRoomful(`${url.replace('http', 'ws')}/ws`, 'cluster')
  after(() => client.destroy())
  return client
}

const textOf = ({ doc }: RoomfulClient): string => doc.getText('note').toJSON()
const instanceOf = ({ provider }: RoomfulClient): string => provider.hello?.instanceId ?? ''

/** The instance's process, the latest of that name. */
const pidOf = (cluster: Cluster, name: string): number =>
  Number(
    [...cluster.stderr().matchAll(new RegExp(`${name}(?: is back)?: pid (\\d+)`, 'g'))].at(-1)?.[1] ?? -1,
  )

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    // ESRCH: no such process
    return false
  }
}

/** The private Redis's process and folder, as it says them itself. */
async function lookAtRedis({ redis }: Cluster): Promise<{ pid: number; folder: string }> {
  const client = new Redis(redis)
  try {
    const pid = Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1])
    const [, folder = ''] = (await client.config('GET', 'dir')) as string[]
    return { pid, folder }
  } finally {
    client.disconnect()
  }
}

test('[I1] [I2] npm run cluster: two windows meet two instances, a killed one comes back, Ctrl-C leaves nothing behind', async () => {
  const cluster = await startCluster()
  const [ada, bob] = [enter(cluster), enter(cluster)]
  await waitFor('both to be in', () => ada.provider.synced && bob.provider.synced)
  expect([instanceOf(ada), instanceOf(bob)].toSorted()).toEqual(['one', 'two'])
  for (const person of [ada, bob])
    expect(cluster.stderr()).toMatch(
      new RegExp(`window \\d is on instance ${instanceOf(person)} \\(room cluster\\)`),
    )
  ada.doc.getText('note').insert(0, 'Ada. ')
  bob.doc.getText('note').insert(0, 'Bob. ')
  await waitFor('both to have both', () => textOf(ada).length === 10 && textOf(ada) === textOf(bob))

  const page = await fetch(`${cluster.url}/rooms/cluster`)
  expect(await page.text()).toContain('<div id="root">')
  const asked = await Promise.all(
    [0, 1].map(() => fetch(`${cluster.url}/server/readyz`, { keepalive: false })),
  )
  for (const answer of asked) expect(await answer.json()).toMatchObject({ ready: true, redis: 'on' })
  const online = await fetch(`${cluster.url}/api/v1/rooms/cluster/online`)
  expect(await online.json()).toEqual({ online: 2 })

  const name = instanceOf(ada)
  const killed = pidOf(cluster, name)
  process.kill(killed, 'SIGKILL')
  ada.doc.getText('note').insert(0, 'On. ')
  await waitFor('Ada to go on elsewhere', () => textOf(bob).startsWith('On. ') && ada.provider.pending === 0)
  expect(instanceOf(ada)).toBe(instanceOf(bob))
  await waitFor('the instance to come back', () => pidOf(cluster, name) !== killed)

  const redis = await lookAtRedis(cluster)
  const pids = [redis.pid, pidOf(cluster, 'one'), pidOf(cluster, 'two')]
  expect(pids.map(isAlive)).toEqual([true, true, true])
  expect(existsSync(redis.folder)).toBe(true)
  expect(await cluster.kill('SIGINT')).toEqual([0, null])
  expect(pids.map(isAlive)).toEqual([false, false, false])
  expect(existsSync(redis.folder)).toBe(false)
  expect(cluster.stderr()).not.toMatch(/error/i)
})

test('npm run cluster, killed outright, takes its processes and its folder along', async () => {
  const cluster = await startCluster()
  const redis = await lookAtRedis(cluster)
  const pids = [redis.pid, pidOf(cluster, 'one'), pidOf(cluster, 'two')]
  await cluster.kill('SIGKILL')
  await waitFor('all of them to end', () => !pids.some(isAlive) && !existsSync(redis.folder))
})

test('npm run cluster says in one line that its port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  after(() => other.close())
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { closed, output } = launch(['--port', String(port)])
  expect(await closed).toEqual([1, null])
  expect(output).toEqual({
    stdout: '',
    stderr: `roomful: port ${port} is in use; stop what uses it, or: npm run cluster -- --port 0 (any free one)\n`,
  })
})

test('npm run cluster says in one line that there is no redis-server', async () => {
  // only Node is on this PATH: no Redis, no apt to get one with
  const path = join(temporaryFolder(), 'bin')
  mkdirSync(path)
  symlinkSync(process.execPath, join(path, 'node'))
  const { closed, output } = launch(['--port', '0'], { PATH: path })
  expect(await closed).toEqual([1, null])
  expect(output.stderr).toMatch(
    /^roomful: npm run cluster needs a redis-server: .*install Redis 6\.2 or newer\n$/,
  )
})

test('npm run cluster shows why an instance does not start, and ends', async () => {
  const { closed, output } = launch(['--port', '0'], { LIMIT_FRAME_BYTES: 'many' })
  expect(await closed).toEqual([1, null])
  expect(output.stderr).toContain('Bad configuration: LIMIT_FRAME_BYTES must be')
  expect(output.stderr).toMatch(/\nroomful: an instance did not start; it says above why\.\n$/)
})
