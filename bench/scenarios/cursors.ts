import type { ServerName } from '../servers/catalogue.ts'
import { jobCase, type Scenario } from './scenario.ts'

/** Updates of a pointer a second, as the app sends them. */
const HZ = 12.5
/** The load most targets are about. */
const KEY_PEOPLE = 200

/** Which servers are worth measuring in a room of so many: beyond what they can do, a run says nothing but that. */
function serversFor(people: number): readonly ServerName[] {
  if (people <= 200) return ['roomful', 'y-websocket', 'hocuspocus', 'limit-ws', 'limit-tick20']
  return people <= 400 ? ['roomful', 'hocuspocus', 'limit-ws', 'limit-tick20'] : ['roomful', 'limit-tick20']
}

export const cursors: Scenario = {
  name: 'cursors',
  title: 'Cursors: everybody moves at 12.5 Hz and sees everybody',
  cost: 'covered state',
  yardstick: 'limit-tick20',
  targets: ['P1', 'P2', 'P3'],
  note: 'One room; a state is 93 bytes on the wire: name, colour, pointer. Latency is cover latency, missing states count as infinite.',
  extra: [{ key: 'framesPerClientSecond', title: 'frames/s/client', digits: 0 }],
  cases: ({ isQuick, seconds }) =>
    (isQuick ? [5, 50] : [5, 25, 50, 100, 200, 400, 600]).map((people) =>
      jobCase(
        `${people} people`,
        serversFor(people),
        { kind: 'cursors', people, hz: HZ, seconds, echo: false },
        { isKey: people === KEY_PEOPLE },
      ),
    ),
}

export const echo: Scenario = {
  ...cursors,
  name: 'echo',
  title: 'Cursors of stock clients, which send every remote change back',
  yardstick: 'y-websocket',
  targets: ['P12'],
  note: 'As above, with the echo of stock y-websocket clients and without it. An opaque forwarder would multiply the echoes for ever, so there is no limit here.',
  cases: ({ isQuick, isAll, seconds }) =>
    (isQuick ? [5] : isAll ? [50] : [5, 25, 50]).flatMap((people) =>
      [true, false].map((isEcho) =>
        jobCase(`${people} people${isEcho ? ', echo' : ''}`, ['roomful', 'y-websocket', 'hocuspocus'], {
          kind: 'cursors',
          people,
          hz: HZ,
          seconds,
          echo: isEcho,
        }),
      ),
    ),
}

export const moved: Scenario = {
  ...cursors,
  name: 'moved',
  title: 'Cursors of Roomful’s own clients, told by numbers',
  targets: ['P4'],
  note: 'As the first table. Hello clients are Roomful’s own: they ask with `v=2`, and of who only moved are told the numbers of the state alone; what they were told last is put together and compared with what was sent. The limit forwards states in full.',
  cases: ({ isQuick, seconds }) =>
    (isQuick ? [50] : [50, 200, 600]).flatMap((people) =>
      [false, true].map((takesMoved) =>
        jobCase(
          `${people} people, ${takesMoved ? 'hello' : 'stock'} clients`,
          people === KEY_PEOPLE && !takesMoved ? ['roomful', 'limit-tick20'] : ['roomful'],
          { kind: 'cursors', people, hz: HZ, seconds, echo: false, takesMoved },
          { isKey: people === KEY_PEOPLE },
        ),
      ),
    ),
}
