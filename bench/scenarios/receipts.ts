import { jobCase, type Scenario } from './scenario.ts'

export const receipts: Scenario = {
  name: 'receipts',
  title: 'Receipts: from a keystroke to the answer that it is on disk',
  cost: 'keystroke',
  yardstick: 'roomful',
  targets: ['P14'],
  note: 'Embedded log with a sync per group commit. The peers have no such answer: Hocuspocus confirms what is in memory, y-websocket nothing.',
  extra: [{ key: 'commitsPerSecond', title: 'commits/s', digits: 0 }],
  cases: ({ isQuick, seconds }) =>
    (isQuick ? [2] : [1, 5, 20]).map((writers) =>
      jobCase(`${writers} writers x 20/s`, ['roomful'], { kind: 'receipts', writers, hz: 20, seconds }),
    ),
}
