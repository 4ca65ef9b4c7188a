import { expect, test } from 'vitest'
import { FaultProxy } from '../support/fault-proxy.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectRoomful, type RoomfulClient } from '../support/roomful-client.ts'
import { startServerProcess, type ServerProcess } from '../support/test-server.ts'
import { nextTurn, waitFor } from '../support/wait.ts'

/** As a platform that ends each function after 300 s does, only sooner. */
const CUTS = 6
/** Of the second that a first retry takes at most; small, for later ones double it. */
const FIRST_RETRY = 0.02

const suite = redisSuite({ shared: true })

async function serve(instanceId: string): Promise<ServerProcess> {
  const server = await startServerProcess({
    env: { REDIS_URL: suite.redis.url, INSTANCE_ID: instanceId, LOG_LEVEL: 'error' },
  })
  suite.after(() => server.kill('SIGKILL'))
  return server
}

/** Somebody who names themselves, and remembers who of the others came and went. */
function enter(address: string, name: string): RoomfulClient & { readonly gone: number[] } {
  // cuts come every 300 s there and within a second here, where the waits would grow: those of the first retry, always
  const client = connectRoomful(`${address}/ws`, 'cuts', { random: () => FIRST_RETRY })
  suite.after(() => client.destroy())
  const gone: number[] = []
  const { awareness } = client.provider
  awareness.setLocalStateField('user', { id: name, name, color: '#007fa1', colorLight: '#007fa133' })
  awareness.on('change', ({ removed }: { removed: number[] }, origin: unknown) => {
    // who is cut off forgets the others by itself; what counts is what the server says of them
    if (origin !== 'local' && client.provider.wsconnected) gone.push(...removed)
  })
  return Object.assign(client, { gone })
}

const textOf = ({ doc }: RoomfulClient): string => doc.getText('note').toJSON()
const instanceOf = ({ provider }: RoomfulClient): string => provider.hello?.instanceId ?? ''
const sees = (viewer: RoomfulClient, other: RoomfulClient): boolean =>
  viewer.provider.awareness.getStates().has(other.doc.clientID)

test('[I1] [I2] [I4] sockets that are cut again and again and lead to the other instance cost nothing typed, and nobody who stays sees a leave', async () => {
  const servers = await Promise.all([serve('left'), serve('right')])
  const [left, right] = servers
  const door = await FaultProxy.start(left.port)
  suite.after(() => door.close())
  const ada = enter(door.url, 'Ada')
  const witnesses = servers.map(({ port, instanceId }) => enter(`ws://127.0.0.1:${port}`, instanceId))
  const everybody = [ada, ...witnesses]
  await waitFor('all to see each other', () => everybody.every((a) => everybody.every((b) => sees(a, b))))

  const typed: string[] = []
  const type = (client: RoomfulClient, word: string): void => {
    typed.push(word)
    client.doc.getText('note').insert(textOf(client).length, word)
  }
  const visited = new Set<string>()
  for (let cut = 0; cut < CUTS; cut++) {
    const target = cut % 2 === 0 ? right : left
    const accepted = door.acceptedCount
    door.retarget(target.port)
    type(ada, `a${cut}-before `)
    door.cut()
    type(ada, `a${cut}-during `)
    for (const [index, witness] of witnesses.entries()) type(witness, `w${index}-${cut} `)
    await waitFor('Ada to be back', () => door.acceptedCount > accepted && ada.provider.synced)
    visited.add(instanceOf(ada))
    type(ada, `a${cut}-after `)
    await waitFor('everything to be saved', () => everybody.every(({ provider }) => provider.pending === 0))
    for (const witness of witnesses) expect(sees(witness, ada)).toBe(true)
  }
  expect([...visited].toSorted()).toEqual(['left', 'right'])
  await waitFor('all to hold the same', () => everybody.every((one) => textOf(one) === textOf(ada)))
  const text = textOf(ada)
  for (const word of typed) expect(text.split(word)).toHaveLength(2)
  // what is on its way has a turn to arrive
  await nextTurn()
  for (const witness of witnesses) expect(witness.gone).toEqual([])
})
