import type { BrowserContext } from 'playwright-core'
import { launchChromium } from '../../tests/support/chromium.ts'
import { RoomPage } from '../../tests/support/room-page.ts'
import type { Measured } from '../generator/measured.ts'
import { type OwnLoad, OwnLoadWatch } from '../generator/own-load.ts'
import { cpuMicros } from '../generator/process-probe.ts'
import { runJob } from '../run-job.ts'
import { startServer, type ServerOptions } from '../servers/catalogue.ts'
import type { Scenario } from './scenario.ts'

const ROOM = 'visits'
/** In the room, so that there is something to draw. */
const CARDS = 40
const PEOPLE = 5

export const visits: Scenario = {
  name: 'visits',
  title: 'Visits: from the address to a room one can use',
  cost: 'visit',
  yardstick: 'roomful',
  targets: ['P15'],
  note: `Chromium without a GPU, 1440 x 900, its pages slowed down as its developer tools do it, on the same two cores as the server. A room of ${CARDS} cards and ${PEOPLE} people who move. Latency is the time until the board answers and the room is connected. The network is the machine’s own: what it would take is the column of bytes.`,
  extra: [
    { key: 'firstPaint', title: 'first paint, ms', digits: 0 },
    { key: 'busy', title: 'page’s main thread, ms', digits: 0 },
    { key: 'bytes', title: 'fetched until then, kB', digits: 0, unit: 1_000 },
  ],
  cases: ({ isQuick }) => {
    const [count, slowdowns] = isQuick ? [2, [4]] : [10, [1, 4]]
    return slowdowns.flatMap((slowdown) =>
      (['first', 'next'] as const).map((which) => ({
        label: `${which} visit${slowdown === 1 ? '' : `, ${slowdown} x slower`}`,
        servers: ['roomful'] as const,
        isKey: true,
        run: (_name: string, options: ServerOptions) =>
          visitOften(options, which === 'next', slowdown, count),
      })),
    )
  },
}

/** One look at the room by somebody. Times in ms since the address was asked for. */
interface Visit {
  readonly usable: number
  readonly firstPaint: number
  readonly busy: number
  readonly bytes: number
}

/** @param isNext whether the device has been there before: service worker and local copy are there */
async function visitOften(
  options: ServerOptions,
  isNext: boolean,
  slowdown: number,
  count: number,
): Promise<Measured> {
  const server = await startServer('roomful', options)
  const browser = await launchChromium()
  try {
    const address = `http://${server.target.host}:${server.target.port}/rooms/${ROOM}`
    const seconds = 20 + count * slowdown * 3
    const [moved, { seen, own, cpu }] = await Promise.all([
      runJob(server.target, { kind: 'movers', room: ROOM, people: PEOPLE, hz: 10, cards: CARDS, seconds }),
      watched(server.target.pid, async () => {
        const found: Visit[] = []
        while (found.length < count) {
          const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
          if (isNext) await visit(context, address, 1)
          found.push(await visit(context, address, slowdown))
          await context.close()
        }
        return found
      }),
    ])
    const at = (key: keyof Visit, part: number): number => {
      const sorted = seen.map((each) => each[key]).toSorted((a, b) => a - b)
      return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
    }
    return {
      ...moved,
      costMicros: cpu / count,
      p50Ms: at('usable', 0.5),
      p99Ms: at('usable', 0.99),
      own,
      extra: { firstPaint: at('firstPaint', 0.5), busy: at('busy', 0.5), bytes: at('bytes', 0.5) },
    }
  } finally {
    await browser.close()
    await server.stop()
  }
}

/** Does something, and tells what the server and this process did meanwhile. */
async function watched(
  pid: number,
  work: () => Promise<readonly Visit[]>,
): Promise<{ seen: readonly Visit[]; own: OwnLoad; cpu: number }> {
  const watch = new OwnLoadWatch()
  const before = cpuMicros(pid)
  const seen = await work()
  return { seen, cpu: cpuMicros(pid) - before, own: watch.stop() }
}

async function visit(context: BrowserContext, address: string, slowdown: number): Promise<Visit> {
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.addInitScript(`{
    const look = () => {
      const board = document.querySelector('#board[data-ready]')
      const badge = document.querySelector('button.status[data-connection="connected"]')
      if (board === null || badge === null) requestAnimationFrame(look)
      else window.usableAt = performance.now()
    }
    requestAnimationFrame(look)
  }`)
  await page.goto(address)
  await page.waitForFunction(() => 'usableAt' in window)
  const { metrics } = await devtools.send('Performance.getMetrics')
  const { usable, firstPaint, bytes } = await page.evaluate<Omit<Visit, 'busy'>>(`(() => {
    const usable = window.usableAt
    const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    return {
      usable,
      firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      bytes: entries.filter((entry) => entry.responseEnd <= usable).reduce((sum, entry) => sum + entry.transferSize, 0),
    }
  })()`)
  const busy = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
  // what a next visit needs is kept by then
  await new RoomPage(page, [], () => page.close()).settled()
  if (slowdown === 1) await page.evaluate('navigator.serviceWorker?.ready')
  await page.close()
  return { usable, firstPaint, busy, bytes }
}
