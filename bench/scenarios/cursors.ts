import type { ServerName } from '../servers/catalogue.ts'
import { jobCase, type Case, type Scenario } from './scenario.ts'

/** Updates of a pointer a second, as the app sends them. */
const HZ = 12.5
/** The load most targets are about. */
const KEY_PEOPLE = 200

/** Where Roomful's own clients are measured as well. */
const HELLO_PEOPLE: ReadonlySet<number> = new Set([50, KEY_PEOPLE, 600])

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
  targets: ['P1', 'P2', 'P3', 'P4'],
  note: 'One room; a state is 93 bytes on the wire: name, colour, pointer. Latency is cover latency, missing states count as infinite. Hello clients are Roomful’s own: they ask with `v=2` and are told of who only moved by numbers alone; all others are stock clients.',
  extra: [{ key: 'framesPerClientSecond', title: 'frames/s/client', digits: 0 }],
  cases: ({ isQuick, seconds }) =>
    (isQuick ? [5, 50] : [5, 25, 50, 100, 200, 400, 600]).flatMap((people) => [
      jobCase(
        `${people} people`,
        serversFor(people),
        { kind: 'cursors', people, hz: HZ, seconds, echo: false },
        { isKey: people === KEY_PEOPLE },
      ),
      ...(HELLO_PEOPLE.has(people) ? [helloCase(people, seconds)] : []),
    ]),
}

/** The same with Roomful's own clients: what they are told is of another length. */
function helloCase(people: number, seconds: number): Case {
  return jobCase(
    `${people} people, hello clients`,
    ['roomful'],
    { kind: 'cursors', people, hz: HZ, seconds, echo: false, takesMoved: true },
    { isKey: people === KEY_PEOPLE },
  )
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
