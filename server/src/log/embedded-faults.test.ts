import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock, type Clock } from '../clock.ts'
import {
  appendAll,
  bytesOf,
  collect,
  fenceOf,
  LogProbe,
  META,
  numbered,
  readTexts,
  rejectionCode,
  roomNamed,
} from './contract-probe.ts'
import { createEmbeddedLog, type EmbeddedLog } from './embedded-log.ts'
import { openLevelStore, type OpenStore, type Store } from './level-store.ts'

/** vitest's own second is too short for a busy machine. */
const until = (isTrue: () => boolean): Promise<unknown> =>
  vi.waitUntil(isTrue, { timeout: 20_000, interval: 5 })

/** A real LevelDB whose disk fails on command. */
class FailingDisk {
  /** What the next writes do; empty = all succeed. `lost` and `kept`: the error comes before, or after, the data is on disk. */
  failWrites: 'no' | 'lost' | 'kept' = 'no'
  failOpens = false
  opens = 0
  writesAfterFailure = 0
  beforeReopen: () => Promise<void> = async () => undefined

  readonly openStore: OpenStore = async (dir, isNew) => {
    this.opens += 1
    if (this.failOpens) throw new Error('injected: cannot open')
    if (!isNew) await this.beforeReopen()
    return this.#wrap(await openLevelStore(dir, isNew))
  }

  #wrap(store: Store): Store {
    let hasFailed = false
    return {
      get: (key) => store.get(key),
      iterate: (range) => store.iterate(range),
      close: () => store.close(),
      write: async (ops) => {
        if (hasFailed) this.writesAfterFailure += 1
        if (this.failWrites === 'kept') await store.write(ops)
        if (this.failWrites !== 'no') {
          hasFailed = true
          throw new Error('injected: no space left on device')
        }
        await store.write(ops)
      },
    }
  }
}

/** Turns are real, pauses end when the test says so. */
class PausedClock implements Clock {
  readonly pauses: number[] = []
  #waiting: (() => void)[] = []

  now(): number {
    return systemClock.now()
  }

  endOfTurn(run: () => void): void {
    systemClock.endOfTurn(run)
  }

  after(ms: number, run: () => void): () => void {
    this.pauses.push(ms)
    this.#waiting.push(run)
    return () => {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== run)
    }
  }

  /** Waits until `count` pauses began, then ends the present one. */
  async endPause(count: number): Promise<void> {
    await until(() => this.pauses.length >= count)
    for (const run of this.#waiting.splice(0)) run()
  }
}

const ROOM = roomNamed('faults')
let dir = ''
let disk: FailingDisk
let clock: PausedClock
let health: [boolean, string | undefined][] = []
let log: EmbeddedLog

function createLog(): Promise<EmbeddedLog> {
  const onHealth = (isHealthy: boolean, error?: Error): void => void health.push([isHealthy, error?.message])
  return createEmbeddedLog({ dir, clock, openStore: disk.openStore, onHealth })
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomful-faults-'))
  disk = new FailingDisk()
  clock = new PausedClock()
  health = []
  log = await createLog()
})
afterEach(async () => {
  disk.failWrites = 'no'
  disk.failOpens = false
  await log.close()
  await rm(dir, { recursive: true, force: true })
})

describe('[I1] embedded log over a failing disk', () => {
  test.each(['lost', 'kept'] as const)(
    'appends wait while writes fail (data %s), then are stored once, in order, before they are acknowledged',
    async (kind) => {
      const probe = new LogProbe()
      const room = await log.open(ROOM, probe)
      await appendAll(room, ['before'])
      disk.failWrites = kind
      const pending = appendAll(room, numbered(50))
      await clock.endPause(1)
      const later = appendAll(room, ['later'])
      await clock.endPause(2)
      await until(() => clock.pauses.length === 3)
      expect(probe.texts).toEqual(['before'])
      expect(log.isHealthy).toBe(false)
      expect(log.pendingBytes).toBeGreaterThan(0)

      disk.failWrites = 'no'
      await clock.endPause(3)
      await Promise.all([pending, later])
      const expected = ['before', ...numbered(50), 'later']
      expect(probe.texts).toEqual(expected)
      expect(await readTexts(room, '')).toEqual(expected)
      expect(health).toEqual([
        [false, 'injected: no space left on device'],
        [true, undefined],
      ])
      expect(log.isHealthy).toBe(true)
      expect(log.pendingBytes).toBe(0)
      expect(disk.writesAfterFailure).toBe(0)

      await log.close()
      log = await createLog()
      const again = await log.open(ROOM, new LogProbe())
      expect(await readTexts(again, '')).toEqual(expected)
    },
  )

  test('a folder that does not open is tried again, more slowly each time, at most every 5 s', async () => {
    const room = await log.open(ROOM, new LogProbe())
    disk.failWrites = 'lost'
    disk.failOpens = true
    const appended = room.append(bytesOf('kept'), META)
    for (let pause = 1; pause <= 8; pause += 1) await clock.endPause(pause)
    await until(() => clock.pauses.length === 9)
    expect(clock.pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000])
    disk.failWrites = 'no'
    disk.failOpens = false
    await clock.endPause(9)
    await appended
    expect(await readTexts(room, '')).toEqual(['kept'])
  })

  test('[I9] while writes fail nothing is opened, read, listed or deleted, and a check says so', async () => {
    const room = await log.open(ROOM, new LogProbe())
    await appendAll(room, ['stored'])
    disk.failWrites = 'lost'
    const appended = room.append(bytesOf('waiting'), META)
    await until(() => !log.isHealthy)
    const other = roomNamed('other')
    const attempts = [
      log.open(other, new LogProbe()),
      collect(room.read('')),
      collect(log.rooms()),
      log.delete(other, new Uint8Array([0])),
      log.check?.() ?? Promise.resolve(),
    ]
    expect(await Promise.all(attempts.map(rejectionCode))).toEqual(
      Array.from({ length: 5 }, () => 'unavailable'),
    )
    disk.failWrites = 'no'
    await clock.endPause(1)
    await appended
    await log.open(other, new LogProbe())
    expect(await readTexts(room, '')).toEqual(['stored', 'waiting'])
  })

  test('a compaction and a deletion that meet a failing disk are done once it is repaired', async () => {
    const other = roomNamed('other')
    const probe = new LogProbe()
    const room = await log.open(ROOM, probe)
    const positions = await appendAll(room, numbered(4))
    const doomed = await log.open(other, new LogProbe())
    await appendAll(doomed, ['old'])
    disk.failWrites = 'lost'
    const deleted = log.delete(other, new Uint8Array([0]))
    const compacted = room.compact({ bytes: bytesOf('merged') }, fenceOf(room, positions[2] ?? ''))
    await until(() => !log.isHealthy)
    disk.failWrites = 'no'
    await clock.endPause(1)
    await Promise.all([deleted, compacted])
    expect(await readTexts(room, '')).toEqual(['3'])
    expect((await collect(log.rooms())).map((summary) => summary.room)).toEqual([ROOM])
    expect((await log.open(other, new LogProbe())).head.generation).toBe(1)
  })

  test('a reader whose store is closed for repair ends with an error, not with a short log', async () => {
    const room = await log.open(ROOM, new LogProbe())
    await appendAll(room, numbered(5_000))
    const iterator = room.read('')[Symbol.asyncIterator]()
    await iterator.next()
    disk.failWrites = 'lost'
    const appended = room.append(bytesOf('waiting'), META)
    await until(() => clock.pauses.length === 1)
    const rest = async (): Promise<void> => {
      while ((await iterator.next()).done !== true);
    }
    expect(await rejectionCode(rest())).toBe('unavailable')
    disk.failWrites = 'no'
    await clock.endPause(1)
    await appended
  })

  test('close makes one last attempt and keeps what it can', async () => {
    const room = await log.open(ROOM, new LogProbe())
    disk.failWrites = 'lost'
    const pending = appendAll(room, numbered(3))
    await until(() => clock.pauses.length === 1)
    disk.failWrites = 'no'
    await log.close()
    expect(await pending).toHaveLength(3)
    log = await createLog()
    expect(await readTexts(await log.open(ROOM, new LogProbe()), '')).toEqual(numbered(3))
  })

  test('close over a disk that still fails rejects what waits and leaves, in bounded time and with the cause', async () => {
    const room = await log.open(ROOM, new LogProbe())
    disk.failWrites = 'lost'
    const appended = room.append(bytesOf('lost'), META)
    const refused = rejectionCode(appended)
    await until(() => clock.pauses.length === 1)
    const left = room.leave()
    await log.close()
    await left
    expect(await refused).toBe('closed')
    await expect(appended).rejects.toThrow('injected: no space left on device')
    disk.failWrites = 'no'
    log = await createLog()
    expect(await collect(log.rooms())).toEqual([])
  })

  test('a folder that another process took during the repair is not written any more', async () => {
    const room = await log.open(ROOM, new LogProbe())
    await appendAll(room, ['mine'])
    disk.beforeReopen = async () => {
      disk.beforeReopen = async () => undefined
      const thief = await createEmbeddedLog({ dir })
      await appendAll(await thief.open(ROOM, new LogProbe()), ['theirs'])
      await thief.close()
    }
    disk.failWrites = 'lost'
    const appended = rejectionCode(room.append(bytesOf('conflict'), META))
    await until(() => clock.pauses.length === 1)
    disk.failWrites = 'no'
    await clock.endPause(1)
    await clock.endPause(2)
    await until(() => clock.pauses.length === 3)
    expect(log.isHealthy).toBe(false)
    await log.close()
    expect(await appended).toBe('closed')
    log = await createLog()
    expect(await readTexts(await log.open(ROOM, new LogProbe()), '')).toEqual(['mine', 'theirs'])
  })
})
