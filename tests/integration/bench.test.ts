import { createHash } from 'node:crypto'
import { decodeMessage } from '@roomful/shared'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Target } from '../../bench/generator/client.ts'
import { Cover } from '../../bench/generator/cover.ts'
import { checksumOf, FrameParser } from '../../bench/generator/frame-parser.ts'
import { runJob, type Job } from '../../bench/generator/jobs.ts'
import { Keystrokes } from '../../bench/generator/keystrokes.ts'
import { TEXT } from '../../bench/generator/typing.ts'
import { startServer } from '../../bench/servers/catalogue.ts'
import { frameAll } from '../../server/src/socket/framing.ts'
import { Random } from '../support/random.ts'
import { startServerProcess } from '../support/test-server.ts'

// That the harness measures what it says: everything sent is seen by everybody, and what is lost would be noticed. No
// figure is asserted: they belong to a quiet machine and to a run beside others.

const hash = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')

const JOBS: readonly Job[] = [
  { kind: 'rooms', rooms: 2, perRoom: 2, movesHz: 5, editsHz: 5, seconds: 0.3 },
  { kind: 'cursors', people: 4, hz: 10, seconds: 0.3, echo: false },
  { kind: 'edits', writers: 2, readers: 3, hz: 10, seconds: 0.3, burst: 0 },
  { kind: 'edits', writers: 2, readers: 2, hz: 0, seconds: 0, burst: 50 },
]

async function expectCovered(target: Target): Promise<void> {
  for (const job of JOBS) {
    const measured = await runJob(target, job)
    expect(measured, JSON.stringify(job)).toMatchObject({ covered: 1, lost: 0, verified: 'ok' })
    expect(measured.costMicros).toBeGreaterThan(0)
    expect(measured.rssBytes).toBeGreaterThan(1_000_000)
  }
}

test('the bench covers everything on Roomful, [W40] its own clients with a part of the bytes', async () => {
  const server = await startServerProcess()
  const target: Target = { host: '127.0.0.1', port: server.port, path: '/ws/', dialect: 'y', pid: server.pid }
  await expectCovered(target)
  const load = { kind: 'cursors', people: 4, hz: 10, seconds: 0.3, echo: false } as const
  const stock = await runJob(target, load)
  const own = await runJob(target, { ...load, takesMoved: true })
  expect(own).toMatchObject({ covered: 1, lost: 0, verified: 'ok' })
  expect(own.bytesPerClientSecond).toBeLessThan(stock.bytesPerClientSecond / 2)
  await server.kill('SIGTERM')
})

test('the bench covers everything on the bare ws forwarder', async () => {
  const server = await startServer('limit-ws')
  await expectCovered(server.target)
  await server.stop()
})

test('keystrokes that were written without a document are what Yjs would have said', () => {
  const [doc, byYjs] = [new Y.Doc(), new Y.Doc()]
  const said: Uint8Array[] = []
  byYjs.on('update', (update: Uint8Array) => said.push(update))
  for (const index of [0, 1]) {
    const typist = new Keystrokes(index)
    byYjs.clientID = typist.clientId
    for (let state = 1; state <= 200; state++) {
      const message = decodeMessage(typist.message(state))
      if (message?.type !== 'update') throw new Error('a keystroke is an update')
      Y.applyUpdate(doc, message.update)
      // the second one types behind the first: Yjs would name that as the origin
      if (index > 0) continue
      byYjs.getText(TEXT).insert(state - 1, 'x')
      expect(message.update).toEqual(said[state - 1])
    }
  }
  expect(doc.getText(TEXT).toJSON()).toBe('x'.repeat(400))
})

test('a state that is overtaken is covered, one that never comes is infinitely late', () => {
  const cover = new Cover(1, 2)
  cover.begin()
  for (const state of [1, 2, 3, 4]) cover.sent(0, state)
  cover.end()
  cover.seen(0, 0, 2)
  cover.seen(0, 0, 4)
  cover.seen(1, 0, 3)
  expect(cover.isCurrent(0, undefined)).toBe(true)
  expect(cover.isCurrent(1, undefined)).toBe(false)
  expect(cover.close(() => true)).toEqual({ obligations: 8, missing: 1 })
  expect(cover.latency.percentile(0.5)).toBeLessThan(1_000)
  expect(cover.latency.percentile(0.99)).toBe(Number.POSITIVE_INFINITY)
})

test('what was sent before or after the measurement is nobody’s obligation', () => {
  const cover = new Cover(1, 1)
  cover.sent(0, 1)
  cover.begin()
  cover.sent(0, 2)
  cover.end()
  cover.sent(0, 3)
  cover.seen(0, 0, 2)
  expect(cover.close(() => true)).toEqual({ obligations: 1, missing: 0 })
})

test('frames come out whole however the stream is cut, the large ones as a sum', () => {
  const seed = 20_261_122
  const random = new Random(seed)
  const messages = [3, 125, 126, 65_535, 65_536, 200_000].map((length) =>
    Uint8Array.from({ length }, () => random.int(256)),
  )
  const stream = frameAll(messages)
  for (const assembleBytes of [1_000_000, 65_535]) {
    const out: (string | number)[] = []
    const parser = new FrameParser(
      {
        onMessage: (payload) => void out.push(hash(payload)),
        onSkipped: (length, checksum) => void out.push(length, checksum),
        onPing: () => undefined,
        onClose: () => undefined,
      },
      assembleBytes,
    )
    for (let at = 0; at < stream.length;) {
      const end = Math.min(stream.length, at + random.between(1, 5_000))
      parser.push(stream.subarray(at, end))
      at = end
    }
    const expected = messages.flatMap((message): (string | number)[] =>
      message.length <= assembleBytes ? [hash(message)] : [message.length, checksumOf(message)],
    )
    expect(out, `seed ${seed}`).toEqual(expected)
  }
})
