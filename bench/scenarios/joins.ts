import type { JoinsJob } from '../generator/jobs/joins.ts'
import type { ServerName } from '../servers/catalogue.ts'
import { jobCase, type Case, type Scenario } from './scenario.ts'

const SERVERS: readonly ServerName[] = ['roomful', 'y-websocket', 'hocuspocus']
const MEGABYTES_PER_PART = 2

export const joins: Scenario = {
  name: 'joins',
  title: 'Joins: newcomers to a large document',
  cost: 'join',
  yardstick: 'y-websocket',
  targets: ['P8'],
  note: '100,000 edits at random places make 2 MB; 20 MB are ten such writers. Dirty: somebody types 20 keystrokes a second meanwhile. All figures include the upgrade of the socket, and begin once the server rests. With 20 MB Roomful stands alone: y-websocket had not taken the document in after two minutes. Extra RSS is the peak above what the process had before.',
  extra: [
    { key: 'wallMs', title: 'all in, ms', digits: 0 },
    { key: 'extraBytes', title: 'extra RSS, MiB', digits: 0, unit: 1024 * 1024 },
  ],
  cases: ({ isQuick }) =>
    isQuick
      ? [one({ parts: 1, edits: 5_000, joiners: 5, atOnce: true, isDirty: false })]
      : [
          one({ parts: 1, joiners: 20, atOnce: false, isDirty: false }),
          one({ parts: 1, joiners: 50, atOnce: true, isDirty: false }),
          one({ parts: 1, joiners: 50, atOnce: true, isDirty: true }),
          one({ parts: 1, joiners: 150, atOnce: true, isDirty: false }, ['roomful'], 1),
          // the others take minutes to load it
          one({ parts: 10, joiners: 10, atOnce: true, isDirty: true }, ['roomful'], 1),
          one({ parts: 10, joiners: 150, atOnce: true, isDirty: true }, ['roomful'], 1),
        ],
}

function one(job: Omit<JoinsJob, 'kind'>, servers = SERVERS, runs?: number): Case {
  const label = [
    `${job.parts * MEGABYTES_PER_PART} MB`,
    job.atOnce ? `${job.joiners} at once` : `${job.joiners} one by one`,
    job.isDirty ? 'dirty' : 'clean',
  ].join(', ')
  const isKey = job.joiners === 50 && job.isDirty
  return jobCase(label, servers, { kind: 'joins', ...job }, runs === undefined ? { isKey } : { runs })
}
