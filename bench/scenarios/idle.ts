import type { ServerName } from '../servers/catalogue.ts'
import { jobCase, type Scenario } from './scenario.ts'

const PER_ROOM = 5
/** Every server’s pings and keepalives come at least once in it: y-websocket and Hocuspocus look every 30 s or more. */
const SECONDS = 30
const QUICK_SECONDS = 2

export const idle: Scenario = {
  name: 'idle',
  title: 'Idle: people who are there and do nothing',
  cost: 'connection and second',
  yardstick: 'limit-ws',
  targets: ['P7'],
  note: 'Rooms of five, everybody present. Memory per connection is what the process grew by. The limit pings nobody and keeps nothing alive.',
  extra: [
    { key: 'bytesPerConnection', title: 'KiB/connection', digits: 1, unit: 1024 },
    { key: 'openMicros', title: 'µs to open', digits: 0 },
  ],
  cases: ({ isQuick }) =>
    (isQuick ? [200] : [5_000, 10_000]).map((connections) =>
      jobCase(
        `${connections.toLocaleString('en-US')} connections`,
        serversFor(connections),
        { kind: 'idle', connections, perRoom: PER_ROOM, seconds: isQuick ? QUICK_SECONDS : SECONDS },
        { runs: 1 },
      ),
    ),
}

function serversFor(connections: number): readonly ServerName[] {
  return connections > 5_000 ? ['roomful', 'limit-ws'] : ['roomful', 'y-websocket', 'hocuspocus', 'limit-ws']
}
