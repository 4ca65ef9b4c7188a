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
  type LogTest,
} from './contract-probe.ts'

/** Order, own entries, durability. */
export function testAppends(logTest: LogTest): void {
  logTest(
    'own appends come back once, in the order of the calls, before their promise resolves',
    async ({ backend }) => {
      const probe = new LogProbe()
      const log = await backend.open(roomNamed('order'), probe)
      const texts = numbered(300)
      const heard: boolean[] = []
      const positions = await Promise.all(
        texts.map(async (text) => {
          const position = await log.append(bytesOf(text), META)
          heard.push(probe.positions.includes(position))
          return position
        }),
      )
      assert.deepEqual(probe.texts, texts)
      assert.deepEqual(probe.positions, positions)
      assert.deepEqual(positions, positions.toSorted())
      assert.equal(new Set(positions).size, texts.length)
      assert.ok(heard.every(Boolean))
      assert.deepEqual(await readTexts(log, ''), texts)
      assert.deepEqual(probe.gaps, [])
    },
  )

  logTest(
    'rooms that append in turn each keep their own order and hear nothing of each other',
    async ({ backend }) => {
      const rooms = await Promise.all(
        ['left', 'middle', 'right'].map(async (name) => {
          const probe = new LogProbe()
          return { name, probe, log: await backend.open(roomNamed(name), probe) }
        }),
      )
      const pending: Promise<unknown>[] = []
      for (let index = 0; index < 100; index += 1) {
        for (const { name, log } of rooms) pending.push(log.append(bytesOf(`${name}${index}`), META))
        // let some writes begin, so that appends also meet one under way
        if (index % 10 === 0) await Promise.all(pending)
      }
      await Promise.all(pending)
      for (const { name, probe, log } of rooms) {
        assert.deepEqual(probe.texts, numbered(100, name))
        assert.deepEqual(await readTexts(log, ''), numbered(100, name))
      }
    },
  )

  logTest('an entry keeps its bytes and what is known of its author', async ({ backend }) => {
    const probe = new LogProbe()
    const log = await backend.open(roomNamed('meta'), probe)
    const bytes = new Uint8Array([0, 255, 1, 128, 0])
    await log.append(bytes, META)
    await log.append(new Uint8Array(0), { instanceId: '', at: 0 })
    for (const entries of [probe.entries, await collect(log.read(''))]) {
      assert.deepEqual(
        entries.map((entry) => [...entry.update]),
        [[0, 255, 1, 128, 0], []],
      )
      assert.deepEqual(entries[0]?.meta, META)
      assert.equal(entries[1]?.meta.userId, undefined)
      assert.equal(entries[1]?.meta.instanceId, '')
      assert.equal(entries[1]?.meta.at, 0)
    }
  })

  logTest('the caller may reuse its buffer as soon as append has returned', async ({ backend }) => {
    const probe = new LogProbe()
    const log = await backend.open(roomNamed('buffer'), probe)
    const buffer = bytesOf('before')
    const appended = log.append(buffer, META)
    buffer.set(bytesOf('BEFORE'))
    await appended
    assert.deepEqual(probe.texts, ['before'])
    assert.deepEqual(await readTexts(log, ''), ['before'])
  })

  logTest('[I1] what append resolved is there after the backend was opened again', async (fixture) => {
    if (fixture.reopen === undefined) {
      assert.equal(fixture.backend.durability, 'none', 'only a log that promises nothing may forget')
      return
    }
    const room = roomNamed('durable')
    const log = await fixture.backend.open(room, new LogProbe())
    const positions = await appendAll(log, numbered(500))
    const { epoch } = log.head
    const again = await (await fixture.reopen()).open(room, new LogProbe())
    const entries = await collect(again.read(''))
    assert.deepEqual(
      entries.map((entry) => entry.position),
      positions,
    )
    assert.deepEqual(await readTexts(again, ''), numbered(500))
    assert.equal(again.head.epoch, epoch)
    const next = await again.append(bytesOf('next'), META)
    assert.ok(next > (positions.at(-1) ?? ''), 'positions go on where they stopped')
  })

  logTest('an update of 1 MB comes back whole', async (fixture) => {
    const room = roomNamed('big')
    const big = Uint8Array.from({ length: 1024 * 1024 }, (_, index) => (index * 7919) % 256)
    const probe = new LogProbe()
    const log = await fixture.backend.open(room, probe)
    await Promise.all([big, bytesOf('small'), big].map((bytes) => log.append(bytes, META)))
    assert.ok(Buffer.from(big).equals(probe.entries[0]?.update ?? new Uint8Array(0)))
    await log.leave()
    const backend = (await fixture.reopen?.()) ?? fixture.backend
    const entries = await collect((await backend.open(room, new LogProbe())).read(''))
    assert.deepEqual(
      entries.map((entry) => entry.update.byteLength),
      [big.byteLength, 5, big.byteLength],
    )
    assert.ok(entries.every((entry, index) => index === 1 || Buffer.from(big).equals(entry.update)))
  })
}
