import assert from 'node:assert/strict'
import {
  appendAll,
  bytesOf,
  collect,
  LogProbe,
  META,
  numbered,
  readTexts,
  roomNamed,
  textOf,
  type LogTest,
} from './contract-probe.ts'

/** Many entries: more than one native read-ahead, more than one group commit. */
const MANY = 20_000

/** Reading: from a place, while others write, in bulk. */
export function testReplay(logTest: LogTest): void {
  logTest(
    'read gives what stands behind a position, in order, and nothing at the end',
    async ({ backend }) => {
      const log = await backend.open(roomNamed('after'), new LogProbe())
      const positions = await appendAll(log, numbered(10))
      for (const [index, position] of positions.entries()) {
        assert.deepEqual(await readTexts(log, position), numbered(10).slice(index + 1))
      }
      assert.deepEqual(await readTexts(log, ''), numbered(10))
    },
  )

  logTest(
    'a room of which nothing is stored reads as empty and is not created by looking',
    async ({ backend }) => {
      const log = await backend.open(roomNamed('nobody'), new LogProbe())
      assert.deepEqual(await collect(log.read('')), [])
      assert.deepEqual(log.head.snapshot, undefined)
      assert.equal(log.head.generation, 0)
      assert.equal(log.head.upTo, '')
      assert.ok(log.head.epoch.length > 0)
      assert.deepEqual(await collect(backend.rooms()), [])
    },
  )

  logTest('replay and live entries leave no gap while others append', async (fixture) => {
    const room = roomNamed('live')
    const before = await fixture.backend.open(room, new LogProbe())
    await appendAll(before, numbered(400))
    await before.leave()

    const backend = (await fixture.reopen?.()) ?? fixture.backend
    const probe = new LogProbe()
    const log = await backend.open(room, probe)
    const pending: Promise<unknown>[] = []
    const replayed: string[] = []
    let written = 400
    for await (const entry of log.read(log.head.upTo)) {
      replayed.push(entry.position)
      if (written < 600) pending.push(log.append(bytesOf(String(written)), META))
      written += 1
    }
    await Promise.all(pending)
    // an entry may come both ways: positions tell
    const seen = new Set([...replayed, ...probe.positions])
    const stored = await collect(log.read(''))
    assert.deepEqual(
      [...seen],
      stored.map((entry) => entry.position),
    )
    assert.deepEqual(
      stored.map((entry) => textOf(entry.update)),
      numbered(600),
    )
    assert.deepEqual(probe.texts, numbered(600).slice(400))
  })

  logTest(
    'read ends where the log ended at the call, also when it is iterated later',
    async ({ backend }) => {
      const log = await backend.open(roomNamed('end'), new LogProbe())
      await appendAll(log, ['a', 'b'])
      const entries = log.read('')
      await appendAll(log, ['c'])
      assert.deepEqual(
        (await collect(entries)).map((entry) => textOf(entry.update)),
        ['a', 'b'],
      )
    },
  )

  logTest(
    'several readers of one room and a reader that stops early do not disturb each other',
    async ({ backend }) => {
      const log = await backend.open(roomNamed('readers'), new LogProbe())
      await appendAll(log, numbered(50))
      for await (const entry of log.read('')) {
        if (textOf(entry.update) === '3') break
      }
      const both = await Promise.all([readTexts(log, ''), readTexts(log, '')])
      assert.deepEqual(both, [numbered(50), numbered(50)])
    },
  )

  logTest('20,000 entries are streamed whole and in order', async (fixture) => {
    const room = roomNamed('many')
    const log = await fixture.backend.open(room, new LogProbe())
    await appendAll(log, numbered(MANY))
    await log.leave()
    const backend = (await fixture.reopen?.()) ?? fixture.backend
    const again = await backend.open(room, new LogProbe())
    let index = 0
    for await (const entry of again.read('')) {
      if (textOf(entry.update) !== String(index)) assert.fail(`entry ${index} is ${textOf(entry.update)}`)
      index += 1
    }
    assert.equal(index, MANY)
  })
}
