import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { acknowledged } from '../support/acknowledged.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServerProcess, temporaryFolder } from '../support/test-server.ts'
import { idleFor, waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A disk of 12 MiB, half of it taken by `filler`; `undefined` where this user may not mount. */
function smallDisk(): string | undefined {
  const disk = join(temporaryFolder(), 'disk')
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk], { stdio: 'pipe' })
  } catch {
    // no root, no mount command, or a container without the right to
    return undefined
  }
  cleanups.push(() => execFileSync('umount', ['-l', disk]))
  writeFileSync(join(disk, 'filler'), Buffer.alloc(6 * 1024 * 1024))
  return disk
}

const entries = (client: StockClient): number => client.doc.getArray('entries').length

/** Whether an acknowledgement comes within a time that is long for a disk that works. */
async function comesSoon(receipt: Promise<void>): Promise<boolean> {
  return Promise.race([receipt.then(() => true), idleFor(3_000).then(() => false)])
}

test('[I1] [I9] a full disk: acks stop, open rooms go on, unknown ones wait; freed, everything is stored', async (ctx) => {
  const disk = smallDisk()
  if (disk === undefined) return ctx.skip('no small tmpfs can be mounted here')
  const dataDir = join(disk, 'data')
  const server = await startServerProcess({ dataDir })
  cleanups.push(() => server.kill('SIGKILL'))
  const connect = (room: string): StockClient => {
    const client = connectStock(server.wsUrl, room)
    cleanups.push(() => client.destroy())
    return client
  }
  const [writer, observer] = [connect('full'), connect('full')]
  await waitFor('the writer to be synced', () => writer.provider.synced)
  let waiting: Promise<void> | undefined
  for (let n = 0; n < 1_000 && waiting === undefined; n++) {
    // noise: LevelDB compresses
    const noise = Array.from({ length: 2_000 }, () => Math.random().toString(36).slice(2)).join('')
    writer.doc.getArray('entries').push([noise])
    const receipt = acknowledged(writer)
    if (!(await comesSoon(receipt))) waiting = receipt
  }
  if (waiting === undefined) throw new Error('the disk never filled')
  await waitFor('the observer to have what is not stored yet', () => entries(observer) === entries(writer))
  expect(writer.frames.opened).toBe(1)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
  const elsewhere = connect('not-open-yet')
  expect(await comesSoon(waiting)).toBe(false)
  expect(elsewhere.provider.synced).toBe(false)

  rmSync(join(disk, 'filler'))
  await waiting
  await waitFor('the other room to open', () => elsewhere.provider.synced)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  await server.kill('SIGKILL')
  const again = await startServerProcess({ dataDir })
  cleanups.push(() => again.kill('SIGKILL'))
  const reader = connectStock(again.wsUrl, 'full')
  cleanups.push(() => reader.destroy())
  await waitFor('the reader to be synced', () => reader.provider.synced)
  expect(entries(reader)).toBe(entries(writer))
})
