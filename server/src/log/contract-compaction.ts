import assert from 'node:assert/strict'
import {
  appendAll,
  bytesOf,
  fenceOf,
  LogProbe,
  numbered,
  readTexts,
  rejectionCode,
  roomNamed,
  summariesOf,
  textOf,
  type LogTest,
} from './contract-probe.ts'
import type { Fence, Position } from './room-log.ts'

const SNAPSHOT = { bytes: bytesOf('merged'), title: 'A board' }

/** Snapshots and the fence before them. */
export function testCompaction(logTest: LogTest): void {
  logTest(
    '[I8] a compaction drops what its snapshot holds and keeps what stands behind it',
    async (fixture) => {
      const room = roomNamed('compact')
      const log = await fixture.backend.open(room, new LogProbe())
      const positions = await appendAll(log, numbered(10))
      const upTo = at(positions, 6)
      await log.compact(SNAPSHOT, fenceOf(log, upTo))
      assert.deepEqual(await readTexts(log, ''), ['7', '8', '9'])
      assert.deepEqual(await readTexts(log, upTo), ['7', '8', '9'])
      assert.deepEqual(await readTexts(log, at(positions, 8)), ['9'])
      await log.leave()

      const backend = (await fixture.reopen?.()) ?? fixture.backend
      const again = await backend.open(room, new LogProbe())
      assert.equal(textOf(again.head.snapshot?.bytes ?? new Uint8Array(0)), 'merged')
      assert.equal(again.head.snapshot?.title, 'A board')
      assert.equal(again.head.upTo, upTo)
      assert.deepEqual(await readTexts(again, again.head.upTo), ['7', '8', '9'])
    },
  )

  logTest(
    'a compaction can follow a compaction, without a title again and up to the last entry',
    async ({ backend }) => {
      const room = roomNamed('twice')
      const log = await backend.open(room, new LogProbe())
      const positions = await appendAll(log, numbered(4))
      await log.compact(SNAPSHOT, fenceOf(log, at(positions, 1)))
      const second = { ...fenceOf(log, at(positions, 3)), basedOn: at(positions, 1) }
      await log.compact({ bytes: bytesOf('all') }, second)
      assert.deepEqual(await readTexts(log, ''), [])
      await log.leave()
      const { head } = await backend.open(room, new LogProbe())
      assert.equal(textOf(head.snapshot?.bytes ?? new Uint8Array(0)), 'all')
      assert.equal(head.snapshot?.title, undefined)
      assert.equal(head.upTo, at(positions, 3))
    },
  )

  logTest(
    '[I8] a compaction whose fence is of another log is refused and changes nothing',
    async ({ backend }) => {
      const log = await backend.open(roomNamed('fence'), new LogProbe())
      const positions = await appendAll(log, numbered(6))
      const first = fenceOf(log, at(positions, 2))
      await log.compact(SNAPSHOT, first)
      const current: Fence = { ...first, basedOn: at(positions, 2), upTo: at(positions, 4) }
      const stale: Record<string, Fence> = {
        'another came first': { ...first, upTo: at(positions, 4) },
        'of another epoch': { ...current, epoch: 'another' },
        'of another generation': { ...current, generation: current.generation + 1 },
        'beyond the end': { ...current, upTo: `${at(positions, 5)}9` },
        'step back': { ...current, upTo: at(positions, 0) },
      }
      for (const [what, fence] of Object.entries(stale)) {
        assert.equal(await rejectionCode(log.compact({ bytes: bytesOf('wrong') }, fence)), 'fenced', what)
        assert.deepEqual(await readTexts(log, ''), ['3', '4', '5'], what)
      }
      const [summary] = await summariesOf(backend)
      assert.equal(summary?.bytes, 'merged'.length + 3)
      assert.equal(summary?.title, 'A board')
      await log.compact({ bytes: bytesOf('right') }, current)
      assert.deepEqual(await readTexts(log, ''), ['5'])
    },
  )

  logTest('of two compactions at once one wins and the other is fenced', async ({ backend }) => {
    const log = await backend.open(roomNamed('race'), new LogProbe())
    const positions = await appendAll(log, numbered(5))
    const attempts = await Promise.allSettled([
      log.compact({ bytes: bytesOf('one') }, fenceOf(log, at(positions, 1))),
      log.compact({ bytes: bytesOf('two') }, fenceOf(log, at(positions, 3))),
    ])
    assert.deepEqual(attempts.map((attempt) => attempt.status).toSorted(), ['fulfilled', 'rejected'])
    const isFirst = attempts[0].status === 'fulfilled'
    assert.deepEqual(await readTexts(log, ''), isFirst ? ['2', '3', '4'] : ['4'])
  })

  logTest('[I8] appends during a compaction all survive it, in order', async ({ backend }) => {
    const room = roomNamed('busy')
    const probe = new LogProbe()
    const log = await backend.open(room, probe)
    const positions = await appendAll(log, numbered(200))
    const around = appendAll(log, numbered(50, 'x'))
    const compacted = log.compact(SNAPSHOT, fenceOf(log, at(positions, 199)))
    const behind = appendAll(log, numbered(50, 'y'))
    await Promise.all([around, compacted, behind])
    const expected = [...numbered(50, 'x'), ...numbered(50, 'y')]
    assert.deepEqual(await readTexts(log, at(positions, 199)), expected)
    assert.deepEqual(await readTexts(log, ''), expected)
    assert.deepEqual(probe.texts, [...numbered(200), ...expected])
    const [summary] = await summariesOf(backend)
    assert.equal(summary?.entries, 100)
  })

  logTest('a reader that began before a compaction reads on as if there were none', async ({ backend }) => {
    const log = await backend.open(roomNamed('reader'), new LogProbe())
    const positions = await appendAll(log, numbered(3_000))
    const texts: string[] = []
    for await (const entry of log.read('')) {
      texts.push(textOf(entry.update))
      if (texts.length === 10) await log.compact(SNAPSHOT, fenceOf(log, at(positions, 2_999)))
    }
    assert.deepEqual(texts, numbered(3_000))
    assert.deepEqual(await readTexts(log, ''), [])
  })
}

function at(positions: readonly Position[], index: number): Position {
  const position = positions[index]
  assert.ok(position !== undefined)
  return position
}
