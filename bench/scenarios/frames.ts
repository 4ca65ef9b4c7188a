import { launchChromium } from '../../tests/support/chromium.ts'
import { commitsOf, countCommits, settledCommits } from '../../tests/support/react-commits.ts'
import { enterRoom, type RoomPage } from '../../tests/support/room-page.ts'
import { waitFor } from '../../tests/support/wait.ts'
import type { Measured } from '../generator/measured.ts'
import { runJob } from '../run-job.ts'
import { startServer, type ServerOptions } from '../servers/catalogue.ts'
import type { Scenario } from './scenario.ts'

const HZ = 20
const ROOM = 'frames'
/** The page loads, twice, and draws a thousand cards meanwhile. */
const BEFORE_SECONDS = 20

export const frames: Scenario = {
  name: 'frames',
  title: 'Frames: a browser that looks at people who move at 20 Hz over 1,000 cards',
  cost: 'state sent',
  yardstick: 'roomful',
  targets: [],
  note: 'Chromium without a GPU, 1440 x 900, on the same two cores as the server and those who move. Latency is the time between two frames; the page’s core is its main thread; commits are the view library’s.',
  extra: [
    { key: 'fps', title: 'frames/s', digits: 1 },
    { key: 'pageCore', title: 'page’s core, %', digits: 0 },
    { key: 'commits', title: 'commits', digits: 0 },
  ],
  cases: ({ isQuick, seconds }) =>
    (isQuick ? [10] : [25, 50, 60]).map((people) => ({
      label: `${people} people`,
      servers: ['roomful'],
      isKey: true,
      run: (_name, options) => look(options, people, isQuick ? 200 : 1_000, seconds),
    })),
}

async function look(
  options: ServerOptions,
  people: number,
  cards: number,
  seconds: number,
): Promise<Measured> {
  const server = await startServer('roomful', options)
  const browser = await launchChromium()
  try {
    const length = BEFORE_SECONDS + 2 * seconds
    const address = `http://${server.target.host}:${server.target.port}`
    const viewport = { width: 1440, height: 900 }
    const [moved, seen] = await Promise.all([
      runJob(server.target, { kind: 'movers', room: ROOM, people, hz: HZ, cards, seconds: length }),
      enterRoom(browser, address, ROOM, { viewport }).then((viewer) =>
        watch(viewer, { people, cards, seconds }),
      ),
    ])
    return { ...moved, ...seen, extra: { ...moved.extra, ...seen.extra } }
  } finally {
    await browser.close()
    await server.stop()
  }
}

async function watch(
  viewer: RoomPage,
  { people, cards, seconds }: { readonly people: number; readonly cards: number; readonly seconds: number },
): Promise<Pick<Measured, 'p50Ms' | 'p99Ms' | 'extra'>> {
  // esbuild, which runs the bench from source, puts calls of this into functions that go to the page
  await viewer.page.addInitScript('globalThis.__name = (value) => value')
  await countCommits(viewer)
  await waitFor('the cards', async () => (await viewer.cards.count()) === cards)
  await waitFor('the cursors', async () => (await viewer.cursors.count()) === people)
  const before = await settledCommits(viewer)
  const session = await viewer.page.context().newCDPSession(viewer.page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  }
  const busyBefore = await busy()
  const times = await viewer.page.evaluate(async (duration) => {
    const found: number[] = []
    const nextFrame = (): Promise<number> => new Promise((next) => requestAnimationFrame(next))
    const end = performance.now() + duration
    for (let last = await nextFrame(); performance.now() < end;) {
      const now = await nextFrame()
      found.push(now - last)
      last = now
    }
    return found
  }, seconds * 1_000)
  const pageCore = ((await busy()) - busyBefore) / seconds
  const commits = (await commitsOf(viewer)) - before
  times.sort((a, b) => a - b)
  const at = (part: number): number => times[Math.floor(times.length * part)] ?? Number.NaN
  const total = times.reduce((sum, time) => sum + time, 0)
  return {
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    extra: { fps: (times.length * 1_000) / total, pageCore: pageCore * 100, commits },
  }
}
