import { encodeAwareness } from '@roomful/shared'
import { Client, openAll, type Target } from '../client.ts'
import { Cover } from '../cover.ts'
import { freshRoom } from '../fresh-room.ts'
import type { Measured } from '../measured.ts'
import { sleep, until } from '../pacer.ts'
import { eachEntry, Person } from '../presence.ts'
import { memory } from '../process-probe.ts'
import { Window } from '../window.ts'

/** Many are there and do nothing. */
export interface IdleJob {
  readonly kind: 'idle'
  readonly connections: number
  readonly perRoom: number
  readonly seconds: number
}

/** Before memory is read: what a server needs once, it has by then. */
const WARM_CONNECTIONS = 50
const SETTLE_MS = 3_000
const GRACE_MS = 5_000

export async function runIdle(target: Target, job: IdleJob): Promise<Measured> {
  const { connections, perRoom, seconds } = job
  const rooms = Array.from({ length: Math.ceil(connections / perRoom) }, () => freshRoom('idle'))
  const persons = Array.from({ length: connections }, (_none, i) => new Person(i))
  const indexOf = new Map(persons.map((person, i) => [person.clientId, i]))
  const covers = rooms.map(() => new Cover(perRoom, perRoom))
  const clients = persons.map((_person, i) => {
    const cover = covers[Math.floor(i / perRoom)]
    return new Client(target, {
      room: rooms[Math.floor(i / perRoom)] ?? '',
      onMessage(kind, frame, from) {
        if (kind !== 'awareness') return
        eachEntry(frame, from, (clientId, clock) => {
          const sender = indexOf.get(clientId)
          if (sender !== undefined && sender !== i) cover?.seen(i % perRoom, sender % perRoom, clock)
        })
      },
    })
  })
  const say = (i: number): Uint8Array => {
    const update = persons[i]?.next() ?? new Uint8Array(0)
    covers[Math.floor(i / perRoom)]?.sent(i % perRoom, persons[i]?.clock ?? 0)
    return encodeAwareness(update)
  }
  const warm = Array.from(
    { length: WARM_CONNECTIONS },
    () => new Client(target, { room: freshRoom('idle-warm') }),
  )
  await openAll(warm, () => [])
  for (const client of warm) client.close()
  await sleep(500)
  const before = memory(target.pid).rss
  const openedAt = performance.now()
  await openAll(clients, (i) => [say(i)])
  const openMs = performance.now() - openedAt
  await sleep(SETTLE_MS)
  const window = new Window(target, clients)
  await sleep(seconds * 1_000)
  const seen = window.end()
  const after = memory(target.pid).rss
  // everybody speaks once: all is alive
  for (const cover of covers) cover.begin()
  for (const [i, client] of clients.entries()) client.send(say(i))
  for (const cover of covers) cover.end()
  const isAlive = await until(
    () =>
      covers.every((cover) =>
        Array.from({ length: perRoom }, (_none, i) => i).every((i) => cover.isCurrent(i, i)),
      ),
    GRACE_MS,
  )
  const closed = covers.map((cover) => cover.close((receiver, sender) => receiver !== sender))
  const obligations = closed.reduce((sum, one) => sum + one.obligations, 0)
  const missing = closed.reduce((sum, one) => sum + one.missing, 0)
  const open = clients.filter((client) => client.isOpen).length
  for (const client of clients) client.close()
  return {
    costMicros: seen.cpuMicros / connections / (seen.ms / 1_000),
    cpu: seen.cpu,
    p50Ms: Number.NaN,
    p99Ms: Number.NaN,
    covered: 1 - missing / obligations,
    lost: missing,
    rssBytes: after,
    bytesPerClientSecond: (seen.bytesIn / connections / seen.ms) * 1_000,
    verified:
      open < connections ? `${connections - open} sockets are gone` : isAlive ? 'ok' : 'some hear nothing',
    own: seen.own,
    extra: {
      bytesPerConnection: (after - before) / connections,
      openMicros: (openMs * 1_000) / connections,
    },
  }
}
