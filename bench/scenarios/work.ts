import { EXACT_MEMORY } from '../../tests/support/exact-memory.ts'
import type { GrowthJob } from '../generator/jobs/growth.ts'
import { jobCase, type Case, type Scenario } from './scenario.ts'

export const slowReader: Scenario = {
  name: 'slow-reader',
  title: 'Slow reader: written past a client that has stopped reading',
  cost: 'delivery',
  yardstick: 'limit-ws',
  targets: ['P11'],
  note: 'Five read on, one does not and reads again at the end. One key is written over and over, 20 kB each time, 10 MB a second. Growth is the median of RSS, and its peak, above those of as much of the same traffic just before, when everybody read; as much again went past before that. All run with an allocator that gives back what is freed, or growth would be what glibc keeps; it takes CPU, which is in the figures.',
  extra: [
    { key: 'growthBytes', title: 'growth, MiB', digits: 0, unit: 1024 * 1024 },
    { key: 'peakGrowthBytes', title: 'of the peak, MiB', digits: 0, unit: 1024 * 1024 },
  ],
  cases: ({ isQuick, isAll }) => {
    const megabytes = isQuick ? 10 : isAll ? 100 : 200
    return [
      jobCase(
        `${megabytes} MB`,
        ['roomful', 'y-websocket', 'hocuspocus', 'limit-ws'],
        { kind: 'slow-reader', readers: 5, megabytes, megabytesPerSecond: 10 },
        { env: EXACT_MEMORY },
      ),
    ]
  },
}

export const compaction: Scenario = {
  name: 'compaction',
  title: 'Compaction of 100,000 small updates',
  cost: 'update',
  yardstick: 'roomful',
  targets: ['P13'],
  note: 'The room’s own parts in one process; latency is the delay of its event loop meanwhile. `mergeUpdates` of 2,000 of these updates stands beside it: it grows with the square of their number.',
  extra: [
    { key: 'cpuMs', title: 'CPU, ms', digits: 0 },
    { key: 'wallMs', title: 'time, ms', digits: 0 },
    { key: 'sizeRatio', title: 'size / fresh document', digits: 3 },
    { key: 'mergeMs', title: 'mergeUpdates of 2,000, ms', digits: 0 },
  ],
  cases: ({ isQuick }) => {
    const updates = isQuick ? 10_000 : 100_000
    return [jobCase(updates.toLocaleString('en-US'), ['roomful'], { kind: 'compaction', updates })]
  },
}

export const flood: Scenario = {
  name: 'flood',
  title: 'Flood: 100,000 small updates as fast as they are taken',
  cost: 'update',
  yardstick: 'y-websocket',
  targets: ['P13'],
  note: 'Twelve write, one reads. Latency is that of two others in another room, who move 100 times a second: how late the process is meanwhile, compactions included.',
  extra: [
    { key: 'floodMs', title: 'slowest update, ms', digits: 0 },
    { key: 'compactions', title: 'compactions', digits: 0 },
  ],
  cases: ({ isQuick }) => {
    const updates = isQuick ? 12_000 : 100_000
    return [
      jobCase(
        updates.toLocaleString('en-US'),
        ['roomful', 'y-websocket', 'hocuspocus'],
        { kind: 'flood', updates, writers: 12 },
        { runs: 1 },
      ),
    ]
  },
}

const UNPACED = { LIMIT_UPDATES_PER_SECOND: '1000000', LIMIT_UPDATES_BURST: '1000000' }

export const growth: Scenario = {
  name: 'growth',
  title: 'Growth: 300 keystrokes a second among more and more of everything else',
  cost: 'message',
  yardstick: 'roomful',
  targets: ['P16'],
  note: 'Five write in one room. What the process does anyway is measured before and taken off. A flat column is what we want.',
  extra: [{ key: 'backgroundCpu', title: 'idle core, %', digits: 1 }],
  cases: ({ isQuick, seconds }) => {
    const plain: GrowthJob = { kind: 'growth', rooms: 1, parts: 0, entries: 0, seconds }
    const one = (label: string, more: Partial<Omit<GrowthJob, 'kind'>>): Case =>
      jobCase(label, ['roomful'], { ...plain, ...more }, { runs: 1 })
    if (isQuick) return [one('1 room, empty', {}), one('50 rooms', { rooms: 50 })]
    return [
      one('1 room, empty', {}),
      one('500 rooms', { rooms: 500 }),
      one('5,000 rooms', { rooms: 5_000 }),
      one('2 MB document', { parts: 1 }),
      one('20 MB document', { parts: 10 }),
      one('10,000 entries', { entries: 10_000 }),
      one('200,000 entries', { entries: 200_000 }),
      ...[2_000_000, 10_000_000].map((entries) =>
        jobCase(
          `${entries.toLocaleString('en-US')} entries`,
          ['roomful'],
          { ...plain, entries },
          // as fast as they are taken
          { runs: 1, isOnDemand: true, patienceMs: 1_800_000, env: UNPACED },
        ),
      ),
    ]
  },
}
