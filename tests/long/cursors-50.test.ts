import { Cards } from '@roomful/provider'
import { createUser, IDENTITY_COLORS } from '@roomful/shared'
import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import type { RoomPage } from '../support/room-page.ts'
import { commitsOf, countCommits, settledCommits } from '../support/react-commits.ts'
import { connectRoomful, type RoomfulClient } from '../support/roomful-client.ts'
import { idleFor, waitFor } from '../support/wait.ts'

const suite = browserSuite()

const CARDS = 1_000
const MEASURE_MS = 5_000
/** 20 Hz. */
const MOVE_EVERY_MS = 50

/** So many people in Node, none of whose pointers moves yet. */
function joinMany(wsUrl: string, room: string, count: number): RoomfulClient[] {
  return Array.from({ length: count }, (_, index) => {
    const color = IDENTITY_COLORS[index % IDENTITY_COLORS.length] ?? IDENTITY_COLORS[0]
    const client = connectRoomful(wsUrl, room, {
      user: createUser(`mover-${index}`, `Mover ${index}`, color),
    })
    suite.after(() => client.destroy())
    return client
  })
}

/** A grid of cards over the whole board. */
function writeCards({ doc, provider }: RoomfulClient): void {
  const cards = new Cards(provider)
  doc.transact(() => {
    for (let index = 0; index < CARDS; index++) {
      const [column, row] = [index % 40, Math.floor(index / 40)]
      cards.create({ x: column * 98, y: row * 98, size: [90, 90], text: `Card ${index}` })
    }
  })
  cards.destroy()
}

/** Moves everybody's pointer along circles of their own, 20 times a second, past the presence store's own throttle. */
async function moveAll(clients: readonly RoomfulClient[], forMs: number): Promise<void> {
  const end = Date.now() + forMs
  for (let step = 0; Date.now() < end; step++) {
    for (const [index, { provider }] of clients.entries()) {
      const angle = step / 9 + index
      const pointer = {
        x: 0.5 + 0.3 * Math.cos(angle) + 0.1 * Math.cos(index),
        y: 0.5 + 0.3 * Math.sin(angle) + 0.1 * Math.sin(index * 2),
      }
      provider.awareness.setLocalStateField('pointer', pointer)
    }
    await idleFor(MOVE_EVERY_MS)
  }
}

/** The times between frames of the page while so many ms pass. */
function frameTimes(person: RoomPage, forMs: number): Promise<number[]> {
  return person.page.evaluate(async (duration) => {
    const times: number[] = []
    const end = performance.now() + duration
    let last = await new Promise<number>((next) => requestAnimationFrame(next))
    while (performance.now() < end) {
      const now = await new Promise<number>((next) => requestAnimationFrame(next))
      times.push(now - last)
      last = now
    }
    return times
  }, forMs)
}

/** Counts the page's main thread in its own time, whoever else wants the processor. Returns ms since the call. */
async function startCpuCount(person: RoomPage): Promise<() => Promise<number>> {
  const session = await person.page.context().newCDPSession(person.page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
  }
  const before = await read()
  return async () => (await read()) - before
}

function histogram(times: readonly number[]): string {
  const limits = [17, 25, 34, 50, 100, 250, Infinity]
  return limits
    .map((limit, index) => {
      const low = limits[index - 1] ?? 0
      return `<=${limit} ms: ${times.filter((time) => time > low && time <= limit).length}`
    })
    .join(', ')
}

test.each([50, 60])('[U11] %i cursors at 20 Hz over 1,000 cards cause no React commit', async (count) => {
  const server = await suite.serve()
  const clients = joinMany(server.wsUrl, 'fifty', count)
  const [author] = clients
  if (author === undefined) throw new Error('there is nobody')
  writeCards(author)
  await waitFor('everybody to be connected', () => clients.every(({ provider }) => provider.synced))
  const viewer = await suite.enter(server.url, 'fifty', { viewport: { width: 1440, height: 900 } })
  await countCommits(viewer)
  await waitFor('the cards', async () => (await viewer.cards.count()) === CARDS)
  await moveAll(clients, 300)
  await waitFor('the cursors', async () => (await viewer.cursors.count()) === count)
  const before = await settledCommits(viewer)
  const cpu = await startCpuCount(viewer)
  const [times] = await Promise.all([frameTimes(viewer, MEASURE_MS), moveAll(clients, MEASURE_MS)])
  const cpuShare = (await cpu()) / MEASURE_MS
  const commits = (await commitsOf(viewer)) - before
  const fps = (times.length * 1_000) / times.reduce((sum, time) => sum + time, 0)
  const placed = await viewer.cursors.evaluateAll((all) => ({
    shown: all.filter((cursor) => !(cursor as HTMLElement).hidden).length,
    motion: [...new Set(all.map((cursor) => (cursor as HTMLElement).dataset['motion']))],
  }))
  process.stderr.write(
    `${count} cursors, ${CARDS} cards: ${fps.toFixed(1)} frames a second with ${(cpuShare * 100).toFixed(0)} % of a core for the page's main thread, ${commits} commits; ${histogram(times)}\n`,
  )
  expect(commits).toBe(0)
  expect(placed).toEqual({ shown: count, motion: [count > 50 ? 'transition' : 'spline'] })
  // 50 frames a second are the aim on a machine at rest. How many there are depends on who else has the cores: movers,
  // server and page share two here, without a GPU. What the page itself asks for does not: it must leave room for frames
  expect(cpuShare).toBeLessThan(0.6)
  expect(times.length).toBeGreaterThan(0)
})
