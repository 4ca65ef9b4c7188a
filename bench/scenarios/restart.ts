import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Measured } from '../generator/measured.ts'
import { runJob } from '../run-job.ts'
import { startServer, type ServerName } from '../servers/catalogue.ts'
import { freePort } from '../servers/running.ts'
import type { Scenario } from './scenario.ts'

const WRITERS = 12
const ROOM = 'restart'

export const restart: Scenario = {
  name: 'restart',
  title: 'Restart: killed (SIGKILL) with 100,000 updates written, started again',
  cost: 'update written',
  yardstick: 'roomful',
  targets: ['P10'],
  note: 'Roomful is killed as soon as it has acknowledged the last update; y-websocket with y-leveldb, which acknowledges nothing, four seconds after a reader had it. Covered: part of the document in the first answer; lost: updates that never come back. Hocuspocus keeps nothing without an extension.',
  extra: [
    { key: 'listenMs', title: 'start to listening, ms', digits: 0 },
    { key: 'answerMs', title: 'listening to first answer, ms', digits: 0 },
  ],
  cases: ({ isQuick }) => {
    const updates = isQuick ? 2_400 : 100_000
    return [
      {
        label: `${updates.toLocaleString('en-US')} updates`,
        servers: ['roomful', 'y-websocket'],
        runs: 1,
        run: (name) => killAndRead(name, updates),
      },
    ]
  },
}

async function killAndRead(name: ServerName, updates: number): Promise<Measured> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-restart-'))
  try {
    const first = await startServer(name, { dataDir })
    const job = { room: ROOM, updates, writers: WRITERS }
    const written = await runJob(first.target, { kind: 'fill', ...job, hasReceipts: name === 'roomful' })
    await first.kill()
    const port = await freePort()
    // the reader waits before the server is there: nothing of its own start is measured
    const reading = runJob({ ...first.target, port }, { kind: 'first-answer', ...job })
    await new Promise((resolve) => setTimeout(resolve, READER_START_MS))
    const startedAt = performance.timeOrigin + performance.now()
    const second = await startServer(name, { dataDir, port })
    const read = await reading
    await second.stop()
    const { listeningAt = Number.NaN, answerMs = Number.NaN } = read.extra
    return {
      ...read,
      costMicros: written.costMicros,
      verified: written.verified === 'ok' ? read.verified : written.verified,
      extra: { listenMs: listeningAt - startedAt, answerMs },
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const READER_START_MS = 3_000
