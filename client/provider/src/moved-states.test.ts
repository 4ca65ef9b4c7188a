import { encodeAwareness, encodeMoved, MESSAGE, packNumbers, type MovedEntry } from '@roomful/shared'
import fc from 'fast-check'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { applyAwarenessUpdate, Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { startGreetingServer, type GreetingServer } from '../../../tests/support/greeting-server.ts'
import { waitFor } from '../../../tests/support/wait.ts'
import { MovedStates } from './moved-states.ts'
import { RoomfulProvider } from './roomful-provider.ts'

/** An awareness update of these texts. */
function updateOf(
  ...entries: readonly (readonly [clientId: number, clock: number, json: string])[]
): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length)
    for (const [clientId, clock, json] of entries) {
      encoding.writeVarUint(encoder, clientId)
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarString(encoder, json)
    }
  })
}

function moved(clientId: number, clock: number, json: string): MovedEntry {
  const numbers = packNumbers(new TextEncoder().encode(json))
  if (numbers === undefined) throw new Error('no symbols for these numbers')
  return { clientId, clock, numbers }
}

function fill(states: MovedStates, entries: readonly MovedEntry[]): readonly [Uint8Array, boolean] {
  return states.fill(decoding.createDecoder(encodeMoved(entries).subarray(1)))
}

const at = (x: number, name = 'Zoë "1"'): string => JSON.stringify({ user: { name }, pointer: { x, y: -x } })

describe('states told by their numbers', () => {
  test('[W40] are put into the text told last in full, byte for byte, in one update', () => {
    const states = new MovedStates()
    states.keep(updateOf([1, 1, at(0.25)], [2, 1, at(0.5, 'Bob')]))
    expect(fill(states, [moved(2, 2, at(7)), moved(1, 5, at(1e-7))])).toEqual([
      updateOf([2, 2, at(7, 'Bob')], [1, 5, at(1e-7)]),
      false,
    ])
    states.keep(updateOf([1, 6, at(0, 'Zoe')]))
    expect(fill(states, [moved(1, 7, at(3))])).toEqual([updateOf([1, 7, at(3, 'Zoe')]), false])
  })

  test('[W40] of somebody who was never told of, or has left, are asked for once and left out', () => {
    const states = new MovedStates()
    states.keep(updateOf([1, 1, at(1)], [2, 1, at(1)]))
    states.keep(updateOf([2, 1, 'null']))
    const told = [moved(1, 2, at(2)), moved(2, 2, at(2)), moved(3, 2, at(2))]
    expect(fill(states, told)).toEqual([updateOf([1, 2, at(2)]), true])
    expect(fill(states, told)).toEqual([updateOf([1, 2, at(2)]), false])
    states.keep(updateOf([3, 2, at(2)]))
    expect(fill(states, [moved(3, 3, at(3))])).toEqual([updateOf([3, 3, at(3)]), false])
    // a state without numbers does not take the place of theirs who left
    expect(fill(states, [moved(2, 3, '{}')])).toEqual([updateOf(), false])
    states.keep(updateOf([2, 3, '{}'], [4, 1, 'null']))
    expect(fill(states, [moved(4, 2, '{}')])).toEqual([updateOf(), true])
    states.reset()
    expect(fill(states, [moved(1, 4, at(4))])).toEqual([updateOf(), true])
  })

  test('[W40] that do not fit, or are none, are asked for once and left out', () => {
    const states = new MovedStates()
    for (const entry of [
      moved(1, 2, '[1]'),
      moved(1, 2, '[]'),
      { clientId: 1, clock: 2, numbers: Uint8Array.of(0xff) },
    ]) {
      states.keep(updateOf([1, 1, at(1)]))
      expect(fill(states, [entry])).toEqual([updateOf(), true])
      expect(fill(states, [entry])).toEqual([updateOf(), false])
    }
  })
})

test('[W4] [W40] whatever the bytes, they are refused, or stand for an awareness update that can be applied', () => {
  const awareness = new Awareness(new Y.Doc())
  let clock = 0
  const numbers = fc.uint8Array({ maxLength: 12 })
  const entry = numbers.map((packed) => Uint8Array.of(1, 1, clock++ & 127, packed.length, ...packed))
  fc.assert(
    fc.property(fc.json(), fc.oneof(entry, fc.uint8Array({ maxLength: 40 })), (json, bytes) => {
      const states = new MovedStates()
      states.keep(updateOf([1, 1, json]))
      let update: Uint8Array
      try {
        ;[update] = states.fill(decoding.createDecoder(bytes))
      } catch {
        return
      }
      applyAwarenessUpdate(awareness, update, 'test')
    }),
    { numRuns: 2_000 },
  )
  awareness.destroy()
})

describe('a provider', () => {
  const cleanups: (() => unknown)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  })

  async function connect(protocol: number): Promise<{ server: GreetingServer; provider: RoomfulProvider }> {
    const server = await startGreetingServer({ hello: { protocol } })
    const provider = new RoomfulProvider(server.url, 'room', new Y.Doc(), {
      // ws speaks the browser's WebSocket interface as far as y-websocket uses it
      WebSocketPolyfill: NodeWebSocket as unknown as typeof WebSocket,
      disableBc: true,
      random: () => 0,
    })
    cleanups.push(server.close, () => provider.destroy())
    await waitFor('hello', () => provider.hello !== undefined && provider.synced)
    return { server, provider }
  }
  const say = ({ connections }: GreetingServer, message: Uint8Array): void => connections[0]?.send(message)
  const queries = ({ history }: GreetingServer): number =>
    history.flatMap(({ received }) => received).filter(([type]) => type === MESSAGE.queryAwareness).length
  const xOf = (provider: RoomfulProvider, id: number): unknown =>
    provider.awareness.getStates().get(id)?.['pointer']?.x

  test('[W40] sees who moves as if told in full, the clock included', async () => {
    const { server, provider } = await connect(2)
    say(server, encodeAwareness(updateOf([7, 3, at(0.5)])))
    say(server, encodeMoved([moved(7, 4, at(0.75))]))
    await waitFor('the move', () => xOf(provider, 7) === 0.75)
    expect(provider.awareness.getStates().get(7)).toEqual(JSON.parse(at(0.75)))
    expect(provider.awareness.meta.get(7)?.clock).toBe(4)
    expect(queries(server)).toBe(0)
  })

  test('[W40] asks once who it is that moves where it was never told', async () => {
    const { server, provider } = await connect(2)
    say(server, encodeMoved([moved(7, 4, at(0.75))]))
    say(server, encodeMoved([moved(7, 5, at(0.5))]))
    await waitFor('the question', () => queries(server) > 0)
    say(server, encodeAwareness(updateOf([7, 5, at(0.5)])))
    say(server, encodeMoved([moved(7, 6, at(0.25))]))
    await waitFor('the move', () => xOf(provider, 7) === 0.25)
    expect(queries(server)).toBe(1)
  })

  test('[W40] begins anew where a moved message is cut short', async () => {
    const { server, provider } = await connect(2)
    say(server, encodeMoved([moved(7, 4, at(0.75))]).subarray(0, 6))
    await waitFor(
      'the next connection',
      () => server.history.length === 2 && provider.connection === 'connected',
    )
  })

  test.each([
    ['a drop', ({ connections }: GreetingServer) => connections[0]?.socket.terminate()],
    [
      'a disconnect',
      (_server: GreetingServer, provider: RoomfulProvider) => {
        provider.disconnect()
        provider.connect()
      },
    ],
  ])('[W40] refers to nothing that was told before %s', async (_what, end) => {
    const { server, provider } = await connect(2)
    say(server, encodeAwareness(updateOf([7, 3, at(0.5)])))
    await waitFor('the state', () => xOf(provider, 7) === 0.5)
    end(server, provider)
    await waitFor(
      'the next connection',
      () => server.history.length === 2 && provider.connection === 'connected',
    )
    server.history[1]?.send(encodeMoved([moved(7, 4, at(0.75))]))
    await waitFor('the question', () => queries(server) === 1)
    expect(xOf(provider, 7)).not.toBe(0.75)
  })

  test('[W40] refers to what the server said, not to what another tab says', async () => {
    const { server, provider } = await connect(2)
    say(server, encodeAwareness(updateOf([7, 3, at(0.5)])))
    await waitFor('the state', () => xOf(provider, 7) === 0.5)
    const relayed = decoding.createDecoder(encodeAwareness(updateOf([7, 4, at(1, 'somebody else')])))
    const type = decoding.readVarUint(relayed)
    provider.messageHandlers[type]?.(encoding.createEncoder(), relayed, provider, false, type)
    expect(xOf(provider, 7)).toBe(1)
    say(server, encodeMoved([moved(7, 5, at(0.25))]))
    await waitFor('the move', () => xOf(provider, 7) === 0.25)
    expect(provider.awareness.getStates().get(7)).toEqual(JSON.parse(at(0.25)))
  })

  test('[W11] of this version works with a server of version 1, which tells of every move in full', async () => {
    const { server, provider } = await connect(1)
    expect(server.history[0]?.url.searchParams.get('v')).toBe('2')
    say(server, encodeAwareness(updateOf([7, 3, at(0.5)])))
    say(server, encodeAwareness(updateOf([7, 4, at(0.75)])))
    await waitFor('the move', () => xOf(provider, 7) === 0.75)
  })
})
