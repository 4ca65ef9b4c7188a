import { presenceOf } from '@roomful/provider'
import { createUser } from '@roomful/shared'
import type { CDPSession } from 'playwright-core'
import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import type { RoomPage } from '../support/room-page.ts'
import { connectRoomful } from '../support/roomful-client.ts'
import { waitFor } from '../support/wait.ts'

const suite = browserSuite()

/** What a page holds, after everything that can be collected has been. */
interface Held {
  readonly heapBytes: number
  readonly nodes: number
  readonly listeners: number
  /** Timers and frames asked for and neither called nor taken back; idle callbacks are not counted. */
  readonly timers: number
  /** Maps and sets: a document of Yjs, a provider, a store each have several. */
  readonly collections: number
}

/** Counts timers of a page from its next load on. */
async function countTimers(person: RoomPage): Promise<void> {
  await person.page.addInitScript(() => {
    const open = new Set<string>()
    Object.assign(globalThis, { openTimers: open })
    const wrap = (start: string, stop: string, repeats: boolean): void => {
      const native = Reflect.get(globalThis, start) as (run: unknown, ...rest: unknown[]) => number
      const nativeStop = Reflect.get(globalThis, stop) as (id?: number) => void
      Reflect.set(globalThis, start, (run: (...values: unknown[]) => void, ...rest: unknown[]) => {
        const id = native(
          (...values: unknown[]) => {
            if (!repeats) open.delete(`${start} ${id}`)
            run(...values)
          },
          ...rest,
        )
        open.add(`${start} ${id}`)
        return id
      })
      Reflect.set(globalThis, stop, (id?: number) => {
        open.delete(`${start} ${id}`)
        nativeStop(id)
      })
    }
    wrap('setTimeout', 'clearTimeout', false)
    wrap('setInterval', 'clearInterval', true)
    wrap('requestAnimationFrame', 'cancelAnimationFrame', false)
  })
  await person.page.reload()
  await person.settled()
}

async function openSession(person: RoomPage): Promise<CDPSession> {
  const session = await person.page.context().newCDPSession(person.page)
  await session.send('Performance.enable')
  await session.send('HeapProfiler.enable')
  return session
}

async function held(person: RoomPage, session: CDPSession): Promise<Held> {
  // twice: what the first run lets go of may be all that kept something else
  for (let run = 0; run < 2; run++) await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
  const timers = await person.page.evaluate(() => (Reflect.get(globalThis, 'openTimers') as Set<string>).size)
  return {
    heapBytes: value('JSHeapUsedSize'),
    nodes: value('Nodes'),
    listeners: value('JSEventListeners'),
    timers,
    collections: (await countObjects(session, 'Map')) + (await countObjects(session, 'Set')),
  }
}

/** How many objects of a built-in class are alive in the page. */
async function countObjects(session: CDPSession, name: 'Map' | 'Set'): Promise<number> {
  const objectGroup = 'counted'
  const prototype = await session.send('Runtime.evaluate', { expression: `${name}.prototype`, objectGroup })
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.result.objectId ?? '',
    objectGroup,
  })
  const length = await session.send('Runtime.callFunctionOn', {
    functionDeclaration: 'function () { return this.length }',
    objectId: objects.objectId ?? '',
    returnByValue: true,
  })
  await session.send('Runtime.releaseObjectGroup', { objectGroup })
  return Number(length.result.value)
}

/** The least of a few looks: what is only under way at this moment is no leak. */
async function leastHeld(person: RoomPage, session: CDPSession): Promise<Held> {
  let least = await held(person, session)
  for (let look = 0; look < 5; look++) {
    await person.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)))
    const now = await held(person, session)
    least = {
      heapBytes: Math.min(least.heapBytes, now.heapBytes),
      nodes: Math.min(least.nodes, now.nodes),
      listeners: Math.min(least.listeners, now.listeners),
      timers: Math.min(least.timers, now.timers),
      collections: Math.min(least.collections, now.collections),
    }
  }
  return least
}

function report(what: string, cycles: number, before: Held, after: Held): void {
  const grown = (name: keyof Held): string => `${name} ${before[name]} -> ${after[name]}`
  process.stderr.write(
    `${what}, ${cycles} cycles: ${grown('heapBytes')} (${Math.round((after.heapBytes - before.heapBytes) / cycles)} B a cycle), ` +
      `${grown('nodes')}, ${grown('listeners')}, ${grown('timers')}, ${grown('collections')}\n`,
  )
}

test('a page that sees somebody come and go 150 times holds no more than before', async () => {
  const server = await suite.serve()
  const viewer = await suite.enter(server.url, 'coming-and-going')
  await countTimers(viewer)
  const session = await openSession(viewer)
  const cycle = async (index: number): Promise<void> => {
    const client = connectRoomful(server.wsUrl, 'coming-and-going', {
      user: createUser(`guest-${index % 7}`, `Guest ${index}`, '#1c75d6'),
    })
    presenceOf(client.provider).setPointer({ x: 0.5, y: 0.5 })
    presenceOf(client.provider).setMessage('hello')
    await waitFor(
      'the guest to be seen',
      () => client.provider.synced && presenceOf(client.provider).others.length > 0,
    )
    client.destroy()
  }
  const run = async (from: number, cycles: number): Promise<void> => {
    for (let index = from; index < from + cycles; index++) await cycle(index)
    // whoever leaves without a word is forgotten after 30 s
    await waitFor('the last guest to be gone', async () => (await viewer.cursors.count()) === 0, 60_000)
  }
  // lists that keep the last so many are full after this
  await run(0, 250)
  const before = await leastHeld(viewer, session)
  await run(250, 150)
  const after = await leastHeld(viewer, session)
  report('somebody else joins and leaves', 150, before, after)
  expect(after.timers).toBeLessThanOrEqual(before.timers + 3)
  expect(after.listeners).toBeLessThanOrEqual(before.listeners + 20)
  expect(after.nodes).toBeLessThanOrEqual(before.nodes + 500)
  expect(after.collections).toBeLessThanOrEqual(before.collections + 100)
  expect((after.heapBytes - before.heapBytes) / 150).toBeLessThan(6_000)
})

test('a page that enters and leaves rooms 1,000 times holds no more than before', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'room-a')
  await countTimers(ada)
  const session = await openSession(ada)
  const run = (cycles: number): Promise<void> =>
    ada.page.evaluate(async (count) => {
      const rooms = ['/rooms/room-a', '/rooms/room-b']
      for (let index = 1; index <= count; index++) {
        history.pushState(null, '', rooms[index % 2])
        // entered for good: the board of the new room is on the page, connected or not
        const start = performance.now()
        const status = (): string | undefined =>
          document.querySelector<HTMLElement>('button.status')?.dataset['connection']
        await new Promise((resolve) => setTimeout(resolve))
        while (status() !== 'connected' && performance.now() - start < 5_000)
          await new Promise((resolve) => setTimeout(resolve, 4))
      }
    }, cycles)
  await run(100)
  const before = await leastHeld(ada, session)
  const startedAt = Date.now()
  await run(1_000)
  const after = await leastHeld(ada, session)
  report(
    `entering and leaving rooms in ${Math.round((Date.now() - startedAt) / 1_000)} s`,
    1_000,
    before,
    after,
  )
  expect(after.timers).toBeLessThanOrEqual(before.timers + 3)
  expect(after.listeners).toBeLessThanOrEqual(before.listeners + 20)
  expect(after.nodes).toBeLessThanOrEqual(before.nodes + 500)
  expect(after.collections).toBeLessThanOrEqual(before.collections + 100)
  // Chromium's own notes of long tasks and of compiled code grow for a while: a heap snapshot shows 1-3 kB a cycle of them,
  // and no object of ours. One room that is kept would be ten times as much
  expect((after.heapBytes - before.heapBytes) / 1_000).toBeLessThan(5_000)
})
