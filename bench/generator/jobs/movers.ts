import { Cards } from '@roomful/provider'
import { encodeAwareness, encodeUpdate } from '@roomful/shared'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Client, openAll, type Target } from '../client.ts'
import type { Measured } from '../measured.ts'
import { Pacer, sleep } from '../pacer.ts'
import { Person } from '../presence.ts'
import { Window } from '../window.ts'

/** People whose pointers go in circles over a board full of cards, for somebody who looks on: a browser. */
export interface MoversJob {
  readonly kind: 'movers'
  readonly room: string
  readonly people: number
  readonly hz: number
  readonly cards: number
  readonly seconds: number
}

export async function runMovers(target: Target, job: MoversJob): Promise<Measured> {
  const { room, people, hz, cards, seconds } = job
  const persons = Array.from({ length: people }, (_none, i) => new Person(i))
  const clients = persons.map(() => new Client(target, { room }))
  const say = (i: number): Uint8Array => {
    const person = persons[i]
    if (person === undefined) throw new Error('nobody there')
    const angle = person.clock / 9 + i
    return encodeAwareness(
      person.next({
        x: 0.5 + 0.3 * Math.cos(angle) + 0.1 * Math.cos(i),
        y: 0.5 + 0.3 * Math.sin(angle) + 0.1 * Math.sin(i * 2),
      }),
    )
  }
  await openAll(clients, (i) => [say(i)])
  clients[0]?.send(encodeUpdate(boardOf(cards)))
  const window = new Window(target, clients)
  const pacer = new Pacer(people, hz, (i) => clients[i]?.send(say(i)))
  await sleep(seconds * 1_000)
  pacer.stop()
  const seen = window.end()
  for (const client of clients) client.close()
  return {
    costMicros: seen.cpuMicros / (people * hz * seconds),
    cpu: seen.cpu,
    p50Ms: Number.NaN,
    p99Ms: Number.NaN,
    covered: 1,
    lost: 0,
    rssBytes: seen.peakBytes,
    bytesPerClientSecond: (seen.bytesIn / people / seen.ms) * 1_000,
    verified: 'ok',
    own: seen.own,
    extra: {},
  }
}

/** A grid of cards over the whole board. */
function boardOf(count: number): Uint8Array {
  const doc = new Y.Doc()
  const awareness = new Awareness(doc)
  const cards = new Cards({ doc, awareness, serverNow: () => Date.now() })
  doc.transact(() => {
    for (let i = 0; i < count; i += 1)
      cards.create({ x: (i % 40) * 98, y: Math.floor(i / 40) * 98, size: [90, 90], text: `Card ${i}` })
  })
  cards.destroy()
  awareness.destroy()
  return Y.encodeStateAsUpdate(doc)
}
