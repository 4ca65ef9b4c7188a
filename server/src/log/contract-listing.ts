import assert from 'node:assert/strict'
import {
  appendAll,
  bytesOf,
  fenceOf,
  LogProbe,
  META,
  numbered,
  readTexts,
  roomNamed,
  summariesOf,
  type LogTest,
} from './contract-probe.ts'

/** Every legal character, and names that are the beginning of others. */
const NAMES = [
  'a',
  'a-',
  'a-b',
  'a.',
  'a.b',
  'a~',
  'ab',
  'A',
  'aa',
  '0',
  '00',
  '_',
  '~',
  '-',
  '.a',
  '...',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-',
  'x'.repeat(128),
]

/** Listing, counters, names. */
export function testListing(logTest: LogTest): void {
  logTest('rooms are listed in name order with what is stored of each, from any name on', async (fixture) => {
    const opened = await Promise.all(
      ['delta', 'alpha', 'charlie', 'bravo'].map((name) =>
        fixture.backend.open(roomNamed(name), new LogProbe()),
      ),
    )
    for (const [index, log] of opened.entries()) await appendAll(log, numbered(index + 1, 'four'))
    await fixture.backend.open(roomNamed('empty'), new LogProbe())

    const expected = [
      { room: 'alpha', generation: 0, entries: 2, bytes: 10 },
      { room: 'bravo', generation: 0, entries: 4, bytes: 20 },
      { room: 'charlie', generation: 0, entries: 3, bytes: 15 },
      { room: 'delta', generation: 0, entries: 1, bytes: 5 },
    ].map((summary) => ({ ...summary, title: undefined }))
    const backend = (await fixture.reopen?.()) ?? fixture.backend
    assert.deepEqual(await summariesOf(backend), expected)
    assert.deepEqual(await summariesOf(backend, roomNamed('alpha')), expected.slice(1))
    assert.deepEqual(await summariesOf(backend, roomNamed('brav')), expected.slice(1))
    assert.deepEqual(await summariesOf(backend, roomNamed('delta')), [])
    for await (const summary of backend.rooms()) {
      assert.equal(summary.room, 'alpha')
      break
    }
  })

  logTest('counters follow appends and compactions, also over a restart', async (fixture) => {
    const room = roomNamed('counters')
    const log = await fixture.backend.open(room, new LogProbe())
    const positions = await appendAll(log, ['1', '22', '333', '4444', '55555'])
    await log.compact({ bytes: bytesOf('snapshot'), title: 'Ümläut' }, fenceOf(log, positions[2] ?? ''))
    const expected = [{ room, generation: 0, entries: 2, bytes: 8 + 4 + 5, title: 'Ümläut' }]
    assert.deepEqual(await summariesOf(fixture.backend), expected)
    await log.leave()

    const backend = (await fixture.reopen?.()) ?? fixture.backend
    assert.deepEqual(await summariesOf(backend), expected)
    const again = await backend.open(room, new LogProbe())
    const last = await again.append(bytesOf('666666'), META)
    assert.equal((await summariesOf(backend))[0]?.bytes, 8 + 4 + 5 + 6)
    await again.compact({ bytes: bytesOf('all') }, fenceOf(again, last))
    assert.deepEqual(await summariesOf(backend), [
      { room, generation: 0, entries: 0, bytes: 3, title: undefined },
    ])
  })

  logTest(
    'names with every legal character, also beginnings of each other, do not leak into each other',
    async (fixture) => {
      const { backend } = fixture
      for (const name of NAMES) {
        const probe = new LogProbe()
        const log = await backend.open(roomNamed(name), probe)
        await appendAll(log, [`${name} 1`, `${name} 2`])
        assert.deepEqual(probe.texts, [`${name} 1`, `${name} 2`])
        await log.leave()
      }
      await backend.delete(roomNamed('a'), new Uint8Array([0]))
      const compacted = await backend.open(roomNamed('a.'), new LogProbe())
      const [, second] = await appendAll(compacted, ['a. 3', 'a. 4'])
      await compacted.compact({ bytes: bytesOf('s') }, fenceOf(compacted, second ?? ''))
      await compacted.leave()

      const after = (await fixture.reopen?.()) ?? backend
      const others = NAMES.filter((name) => name !== 'a' && name !== 'a.')
      for (const name of others) {
        const log = await after.open(roomNamed(name), new LogProbe())
        assert.deepEqual(await readTexts(log, ''), [`${name} 1`, `${name} 2`])
      }
      const listed = (await summariesOf(after)).map((summary) => summary.room)
      assert.deepEqual(listed, [...others, 'a.'].toSorted())
    },
  )
}
