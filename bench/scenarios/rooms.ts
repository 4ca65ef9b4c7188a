import { jobCase, type Scenario } from './scenario.ts'

const PER_ROOM = 2

export const rooms: Scenario = {
  name: 'rooms',
  title: 'Rooms: 500 rooms of two, everybody moves twice a second and types once',
  cost: 'message',
  yardstick: 'limit-ws',
  targets: ['P6'],
  note: 'In a room of two each message has one receiver: nothing can be batched, what remains is the cost of a message.',
  extra: [],
  cases: ({ isQuick, seconds }) => {
    const count = isQuick ? 20 : 500
    return [
      jobCase(
        `${count} x ${PER_ROOM}`,
        ['roomful', 'y-websocket', 'hocuspocus', 'limit-ws'],
        {
          kind: 'rooms',
          rooms: count,
          perRoom: PER_ROOM,
          movesHz: 2,
          editsHz: 1,
          seconds,
        },
        { isKey: true },
      ),
    ]
  },
}
