import assert from 'node:assert/strict'
import { checkLog } from './check-log.ts'
import {
  appendAll,
  bytesOf,
  collect,
  LogProbe,
  META,
  numbered,
  readTexts,
  rejectionCode,
  roomNamed,
  type LogTest,
} from './contract-probe.ts'

/** Opening, leaving, closing. */
export function testLifecycle(logTest: LogTest): void {
  logTest(
    'leave settles what was appended, then nothing is called or taken any more',
    async ({ backend }) => {
      const room = roomNamed('leave')
      const probe = new LogProbe()
      const log = await backend.open(room, probe)
      const settled: string[] = []
      const appended = numbered(20).map(async (text) => {
        await log.append(bytesOf(text), META)
        settled.push(text)
      })
      await Promise.all([log.leave(), log.leave()])
      assert.deepEqual(probe.texts, numbered(20), 'leave waits for what is under way')
      await Promise.all(appended)
      assert.deepEqual(settled, numbered(20))
      assert.deepEqual(probe.texts, numbered(20))
      await log.leave()
      assert.equal(await rejectionCode(log.append(bytesOf('late'), META)), 'closed')
      assert.equal(await rejectionCode(collect(log.read(''))), 'closed')

      const next = await backend.open(room, new LogProbe())
      await appendAll(next, ['next'])
      assert.deepEqual(probe.texts, numbered(20))
      assert.deepEqual(await readTexts(next, ''), [...numbered(20), 'next'])
    },
  )

  logTest(
    'a room is open once: a second open is refused, after leave it is free again',
    async ({ backend }) => {
      const room = roomNamed('once')
      const log = await backend.open(room, new LogProbe())
      assert.equal(await rejectionCode(backend.open(room, new LogProbe())), 'already-open')
      await log.append(bytesOf('still works'), META)
      // under way while the room is left and opened again: the next log has to begin behind it
      const last = log.append(bytesOf('on its way'), META)
      const left = log.leave()
      const probe = new LogProbe()
      const again = await backend.open(room, probe)
      await Promise.all([left, last])
      await again.append(bytesOf('again'), META)
      assert.deepEqual(probe.texts, ['again'])
      assert.deepEqual(await readTexts(again, ''), ['still works', 'on its way', 'again'])
    },
  )

  logTest('of two opens in one turn one gets the room', async ({ backend }) => {
    const room = roomNamed('turn')
    const attempts = await Promise.allSettled([
      backend.open(room, new LogProbe()),
      backend.open(room, new LogProbe()),
    ])
    assert.deepEqual(attempts.map((attempt) => attempt.status).toSorted(), ['fulfilled', 'rejected'])
  })

  logTest('[I2] leaving and coming back finds the room, its epoch and its place', async ({ backend }) => {
    const room = roomNamed('back')
    const log = await backend.open(room, new LogProbe())
    const positions = await appendAll(log, numbered(5))
    await log.leave()
    const again = await backend.open(room, new LogProbe())
    assert.equal(again.head.epoch, log.head.epoch)
    assert.deepEqual(await readTexts(again, positions[2] ?? ''), ['3', '4'])
  })

  logTest('presence goes nowhere and never throws, whatever became of the log', async ({ backend }) => {
    const room = roomNamed('presence')
    const log = await backend.open(room, new LogProbe())
    log.broadcastAwareness(new Uint8Array([1, 2, 3]))
    await log.leave()
    log.broadcastAwareness(new Uint8Array(0))
    await backend.close()
    log.broadcastAwareness(new Uint8Array([4]))
    assert.equal(await rejectionCode(log.append(bytesOf('x'), META)), 'closed')
  })

  logTest(
    'close settles every append, is idempotent, and refuses what comes behind it',
    async ({ backend }) => {
      const probe = new LogProbe()
      const log = await backend.open(roomNamed('close'), probe)
      const appended = appendAll(log, numbered(20))
      await Promise.all([backend.close(), backend.close()])
      await appended
      assert.deepEqual(probe.texts, numbered(20))
      await backend.close()
      assert.equal(await rejectionCode(log.append(bytesOf('late'), META)), 'closed')
      assert.equal(await rejectionCode(backend.open(roomNamed('late'), new LogProbe())), 'closed')
      assert.equal(await rejectionCode(collect(backend.rooms())), 'closed')
      assert.equal(await rejectionCode(checkLog(backend)), 'closed')
      assert.equal(await rejectionCode(backend.delete(roomNamed('late'), new Uint8Array([0]))), 'closed')
      await log.leave()
    },
  )

  logTest('a check says that storage serves, and changes nothing', async ({ backend }) => {
    await checkLog(backend)
    assert.deepEqual(await collect(backend.rooms()), [])
    const log = await backend.open(roomNamed('checked'), new LogProbe())
    const appended = appendAll(log, numbered(3))
    await Promise.all([checkLog(backend), appended])
    assert.deepEqual(await readTexts(log, ''), numbered(3))
  })

  logTest('a sink that throws loses no entry of anybody and is told of a gap', async ({ backend }) => {
    const probe = new LogProbe()
    const broken = {
      onEntry: () => {
        throw new Error('a sink must not throw')
      },
      onAwareness: () => undefined,
      onInstanceGone: () => undefined,
      onGap: (error: Error) => probe.onGap(error),
      onRewound: () => undefined,
      onDeleted: () => undefined,
    }
    const [first, second] = await Promise.all([
      backend.open(roomNamed('broken'), broken),
      backend.open(roomNamed('sound'), probe),
    ])
    await Promise.all([appendAll(first, ['a', 'b']), appendAll(second, ['c', 'd'])])
    assert.equal(probe.gaps.length, 2)
    assert.deepEqual(probe.texts, ['c', 'd'])
    assert.deepEqual(await readTexts(first, ''), ['a', 'b'])
  })
}
