import assert from 'node:assert/strict'
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
  summariesOf,
  type LogTest,
} from './contract-probe.ts'

const STATE_VECTOR = new Uint8Array([1, 7, 42])

/** Tombstones and generations. */
export function testDeletion(logTest: LogTest): void {
  logTest(
    'a deleted room is gone from read and list, and leaves a tombstone and the next generation',
    async (fixture) => {
      const room = roomNamed('gone')
      const log = await fixture.backend.open(room, new LogProbe())
      const positions = await appendAll(log, numbered(10))
      await log.compact({ bytes: bytesOf('merged'), title: 'Old' }, fenceOf(log, positions[4] ?? ''))
      await log.leave()
      await fixture.backend.delete(room, STATE_VECTOR)
      assert.deepEqual(await summariesOf(fixture.backend), [])

      const backend = (await fixture.reopen?.()) ?? fixture.backend
      assert.deepEqual(await summariesOf(backend), [])
      const again = await backend.open(room, new LogProbe())
      assert.equal(again.head.generation, 1)
      assert.notEqual(again.head.epoch, log.head.epoch)
      assert.equal(again.head.snapshot, undefined)
      assert.equal(again.head.upTo, '')
      assert.equal(again.head.tombstone?.generation, 0)
      assert.deepEqual([...(again.head.tombstone?.stateVector ?? [])], [...STATE_VECTOR])
      assert.ok(Number.isFinite(again.head.tombstone?.deletedAt))
      assert.deepEqual(await collect(again.read('')), [])
    },
  )

  logTest('a room made anew after its deletion starts clean and keeps its tombstone', async (fixture) => {
    const room = roomNamed('anew')
    const first = await fixture.backend.open(room, new LogProbe())
    await appendAll(first, numbered(10, 'old'))
    await first.leave()
    await fixture.backend.delete(room, STATE_VECTOR)
    const second = await fixture.backend.open(room, new LogProbe())
    await appendAll(second, numbered(3, 'new'))
    await second.leave()

    const backend = (await fixture.reopen?.()) ?? fixture.backend
    const again = await backend.open(room, new LogProbe())
    assert.deepEqual(await readTexts(again, ''), numbered(3, 'new'))
    assert.equal(again.head.generation, 1)
    assert.equal(again.head.epoch, second.head.epoch)
    assert.equal(again.head.tombstone?.generation, 0)
    const [summary] = await summariesOf(backend)
    assert.deepEqual(summary, { room, generation: 1, entries: 3, bytes: 12, title: undefined })
    await again.leave()
    await backend.delete(room, STATE_VECTOR)
    const third = await backend.open(room, new LogProbe())
    assert.equal(third.head.generation, 2)
    assert.equal(third.head.tombstone?.generation, 1)
  })

  logTest(
    'an open log of a deleted room rejects everything from the call on and hears nothing more',
    async ({ backend }) => {
      const room = roomNamed('open')
      const probe = new LogProbe()
      const log = await backend.open(room, probe)
      const positions = await appendAll(log, numbered(3))
      const before = log.append(bytesOf('before'), META)
      const deleted = backend.delete(room, STATE_VECTOR)
      assert.equal(await rejectionCode(log.append(bytesOf('late'), META)), 'deleted')
      await Promise.all([before, deleted])
      assert.equal(await rejectionCode(log.append(bytesOf('later'), META)), 'deleted')
      assert.equal(
        await rejectionCode(log.compact({ bytes: bytesOf('s') }, fenceOf(log, positions[1] ?? ''))),
        'deleted',
      )
      assert.equal(await rejectionCode(collect(log.read(''))), 'deleted')

      const again = await backend.open(room, new LogProbe())
      await again.append(bytesOf('new'), META)
      assert.deepEqual(probe.texts, [...numbered(3), 'before'])
      assert.deepEqual(await readTexts(again, ''), ['new'])
      await log.leave()
      // leaving the deleted log must not take the new one with it
      await again.append(bytesOf('still open'), META)
      assert.deepEqual(await readTexts(again, ''), ['new', 'still open'])
    },
  )

  logTest('[I8] a compaction of the deleted generation is refused in the next one', async ({ backend }) => {
    const room = roomNamed('generation')
    const log = await backend.open(room, new LogProbe())
    const [first] = await appendAll(log, ['old'])
    const fence = fenceOf(log, first ?? '')
    await log.leave()
    await backend.delete(room, STATE_VECTOR)
    const again = await backend.open(room, new LogProbe())
    await appendAll(again, ['new'])
    assert.equal(await rejectionCode(again.compact({ bytes: bytesOf('old') }, fence)), 'fenced')
    assert.deepEqual(await readTexts(again, ''), ['new'])
  })

  logTest(
    'a room of which nothing was stored can be deleted: whoever holds a copy learns of it',
    async ({ backend }) => {
      const room = roomNamed('never')
      await backend.delete(room, STATE_VECTOR)
      const { head } = await backend.open(room, new LogProbe())
      assert.equal(head.generation, 1)
      assert.equal(head.tombstone?.generation, 0)
      assert.deepEqual(await summariesOf(backend), [])
    },
  )
}
