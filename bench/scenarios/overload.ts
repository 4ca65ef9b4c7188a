import type { OverloadJob } from '../generator/jobs/overload.ts'
import { jobCase, type Scenario } from './scenario.ts'

/** Updates of a pointer a second, as the app sends them. */
const HZ = 12.5
/** A window that shows a quarter of the board each way. */
const VIEW = 0.25
/** No budget at all: every state to everybody. */
const UNBOUNDED = { LIMIT_PRESENCE_BYTES_PER_SECOND: String(Number.MAX_SAFE_INTEGER) }
/** Rates of whole states are counted: the shorter, the coarser. */
const LEAST_SECONDS = 5

export const overload: Scenario = {
  name: 'overload',
  title: 'Overload: more people in one room than can be told of each other',
  cost: 'state told',
  yardstick: 'roomful',
  targets: ['P2', 'P11'],
  note:
    'One room, everybody moves at 12.5 Hz around a place of their own. A state is 93 bytes, 155 with the view; views are a quarter of the board each way, or nobody says what they see and is told of all alike. ' +
    'p50 and p99 are the cover latency of those in view (of all, where there are no views), far p99 that of all others. Hz: states told of one person to another, median and worst hundredth of the pairs. RSS is the peak, compared with the same people at rest; recovery is the time from the last move until everybody has everybody’s last state.',
  extra: [
    { key: 'nearHz', title: 'in view, Hz', digits: 1 },
    { key: 'nearWorstHz', title: 'worst 1 %', digits: 1 },
    { key: 'allWorstHz', title: 'all, worst 1 %', digits: 1 },
    { key: 'farP99Ms', title: 'far p99, ms', digits: 0 },
    { key: 'idleRatio', title: 'RSS x idle', digits: 2 },
    { key: 'recoveryMs', title: 'recovery, ms', digits: 0 },
    { key: 'framesPerClientSecond', title: 'frames/s/client', digits: 0 },
  ],
  cases: ({ isQuick, seconds }) => {
    const job = (people: number, view: number): OverloadJob => ({
      kind: 'overload',
      people,
      hz: HZ,
      seconds: isQuick ? seconds : Math.max(LEAST_SECONDS, seconds),
      view,
    })
    if (isQuick) return [jobCase('100 people, views', ['roomful'], job(100, VIEW))]
    return [
      ...[800, 1_000, 1_200].map((people) =>
        jobCase(`${people.toLocaleString('en-US')} people, views`, ['roomful'], job(people, VIEW)),
      ),
      ...[1_000, 1_200].map((people) =>
        jobCase(`${people.toLocaleString('en-US')} people, no views`, ['roomful'], job(people, 0)),
      ),
      jobCase('1,200 people, views, no budget', ['roomful'], job(1_200, VIEW), { env: UNBOUNDED, runs: 1 }),
    ]
  },
}
