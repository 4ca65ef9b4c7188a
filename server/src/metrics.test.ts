import { LIMIT_SPECS, LOBBY } from '@roomful/shared'
import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'
import { createMetrics, IDLE_SOURCES, REFUSALS } from './metrics.ts'
import { observeRoom } from './observe-room.ts'

const create = (rooms = 0) => createMetrics({ ...IDLE_SOURCES, rooms: () => rooms })

test('every refusal is there from the start, so that its first rise shows', async () => {
  const text = await create().registry.metrics()
  for (const reason of REFUSALS) expect(text).toContain(`roomful_refused_total{reason="${reason}"} 0`)
})

test('so is every limit of docs/limits.md', async () => {
  const text = await create().registry.metrics()
  for (const limit of Object.keys(LIMIT_SPECS))
    expect(text).toContain(`roomful_limit_hits_total{limit="${limit}"} 0`)
})

test('traffic and rooms are read when somebody looks, and looking changes nothing', async () => {
  const metrics = create(7)
  metrics.traffic.framesSent += 3
  metrics.traffic.bytesReceived += 1_000
  for (let look = 0; look < 2; look++) {
    const text = await metrics.registry.metrics()
    expect(text).toMatch(/^roomful_frames_sent_total 3$/m)
    expect(text).toMatch(/^roomful_frames_received_bytes_total 1000$/m)
    expect(text).toMatch(/^roomful_rooms 7$/m)
  }
})

test("an embedder's process metrics are its own", async () => {
  expect(await create().registry.metrics()).not.toContain('process_cpu')
})

test('what a room tells is counted, and what an operator should see is logged', async () => {
  const metrics = create()
  const lines: string[] = []
  const logger = createLogger({
    level: 'info',
    instanceId: 'i',
    destination: { write: (line) => lines.push(line) },
  })
  const events = observeRoom(LOBBY, metrics, logger)
  events.appended(10)
  events.appended(10)
  events.known(5)
  events.refused('zero length')
  events.malformed()
  events.ignored(99)
  events.answered(1_000, true)
  events.presenceDropped('foreign')
  events.appendFailed(new Error('disk gone'))
  const text = await metrics.registry.metrics()
  for (const line of [
    'roomful_updates_total{outcome="appended"} 2',
    'roomful_updates_total{outcome="known"} 1',
    'roomful_refused_total{reason="update-invalid"} 1',
    'roomful_admission_refusals_total{reason="zero length"} 1',
    'roomful_refused_total{reason="malformed"} 1',
    'roomful_refused_total{reason="unknown-type"} 1',
    'roomful_answers_total{kind="cached"} 1',
    'roomful_answers_bytes_total 1000',
    'roomful_presence_total{outcome="foreign"} 1',
    'roomful_storage_events_total{what="append-failed"} 1',
  ])
    expect(text).toContain(line)
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { room: 'lobby', reason: 'zero length' },
    { room: 'lobby', level: 50, err: { message: 'disk gone' } },
  ])
})
