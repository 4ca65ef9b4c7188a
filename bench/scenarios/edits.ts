import type { ServerName } from '../servers/catalogue.ts'
import { jobCase, type Scenario } from './scenario.ts'

const SERVERS: readonly ServerName[] = ['roomful', 'y-websocket', 'hocuspocus', 'limit-ws', 'limit-tick0']
const HZ = 20
const READERS = 100
const BURST = 1_000
const KEY_WRITERS = 20

export const edits: Scenario = {
  name: 'edits',
  title: 'Edits: some type at 20 keystrokes a second, 100 read along',
  cost: 'delivery',
  yardstick: 'limit-tick0',
  targets: ['P5'],
  note: 'One text. Afterwards one reader’s updates and what a newcomer is told are decoded and compared with what was written. Roomful stores every keystroke on disk meanwhile; the others keep it in memory, the limits do not keep it at all.',
  extra: [{ key: 'deliveriesPerSecond', title: 'deliveries/s', digits: 0 }],
  cases: ({ isQuick, isAll, seconds }) => [
    ...(isQuick ? [5] : isAll ? [1, 20] : [1, 5, 20]).map((writers) =>
      jobCase(
        `${writers} ${writers === 1 ? 'writer' : 'writers'}`,
        SERVERS,
        { kind: 'edits', writers, readers: isQuick ? 20 : READERS, hz: HZ, seconds, burst: 0 },
        { isKey: writers === KEY_WRITERS },
      ),
    ),
    jobCase('burst 5 x 1,000', SERVERS, {
      kind: 'edits',
      writers: 5,
      readers: isQuick ? 20 : READERS,
      hz: 0,
      seconds,
      burst: BURST,
    }),
  ],
}
