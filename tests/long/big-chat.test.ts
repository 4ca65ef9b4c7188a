import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import { seedChat } from '../support/seed-chat.ts'
import { type ServerProcess, startServerProcess } from '../support/test-server.ts'

/** The chat's configured maximum. */
const MESSAGES = 10_000
const MAX_ROWS = 200
/** 2 here, at rest and starved; a page with all the rows takes more than ten times as much. */
const MAX_BUSY_RATIO = 6

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true, env: { LIMIT_CHAT_MESSAGES: `${MESSAGES}` } })
  const authors = ['Calm Heron', 'Bold Lynx', 'Swift Otter', 'Quiet Fox']
  await seedChat(
    server.wsUrl,
    'big',
    Array.from({ length: MESSAGES }, (_, index) => {
      const name = authors[Math.floor(index / 3) % authors.length] ?? ''
      const words = 'All good, my edits just merged. '.repeat(1 + (index % 7))
      return { userId: name, name, text: index % 50 === 0 ? `${words}https://example.com/${index}` : words }
    }),
  )
})
afterAll(() => server.kill('SIGKILL'))

/** Message rows in the page. */
const rowCount = (page: Page): Promise<number> => page.locator('[data-message-id]').count()

/** How long the page's main thread has worked since it began, in ms of its own time: other processes do not count. */
async function openBusy(url: string, ready: string): Promise<{ wallMs: number; busyMs: number; page: Page }> {
  const visitor = await suite.browser.newContext()
  suite.after(() => visitor.close())
  const page = await visitor.newPage()
  const devtools = await visitor.newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const start = performance.now()
  await page.goto(url)
  await page.locator(ready).waitFor()
  const wallMs = performance.now() - start
  const { metrics } = await devtools.send('Performance.getMetrics')
  const busy = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  return { wallMs, busyMs: busy * 1_000, page }
}

/** Scrolls for some seconds as a wheel would, and tells how many frames came and the most rows there were. */
function measureScroll(page: Page): Promise<{ fps: number; worstMs: number; rows: number }> {
  return page.evaluate(async () => {
    const log = document.querySelector('.log')
    if (log === null) throw new Error('no list')
    const gaps: number[] = []
    let rows = 0
    const start = performance.now()
    let last = start
    while (last - start < 4_000) {
      log.scrollTop -= 60
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      gaps.push(now - last)
      last = now
      rows = Math.max(rows, document.querySelectorAll('[data-message-id]').length)
    }
    return { fps: (gaps.length / (last - start)) * 1_000, worstMs: Math.max(...gaps.slice(2)), rows }
  })
}

test('[U50] a chat of 10,000 messages opens at its end, scrolls smoothly and keeps the page small', async () => {
  // an empty room first: what a room costs anyway, and the server and the browser have read their code
  const empty = await openBusy(`${server.url}/rooms/big-empty`, '.chat-empty')
  const { wallMs, busyMs, page } = await openBusy(
    `${server.url}/rooms/big`,
    `[data-message-id="seed-${MESSAGES - 1}"]`,
  )
  expect(await rowCount(page)).toBeLessThan(MAX_ROWS)
  const isAtEnd = (): Promise<boolean> =>
    page.locator('.log').evaluate((log) => log.scrollTop + log.clientHeight >= log.scrollHeight - 4)
  await expect.poll(isAtEnd).toBe(true)

  const scroll = await measureScroll(page)
  expect(scroll.rows).toBeLessThan(MAX_ROWS)

  // one more message: how long the page is busy with it
  await page.locator('.log').evaluate((log) => {
    log.scrollTop = log.scrollHeight
  })
  await page.getByRole('textbox', { name: 'Message' }).fill('one more')
  const sendMs = await page.evaluate(async () => {
    const field = document.querySelector<HTMLTextAreaElement>('.compose textarea')
    const before = performance.now()
    field?.form?.requestSubmit()
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))
    return performance.now() - before
  })
  await expect
    .poll(async () => (await page.locator('[data-message-id] p').last().textContent()) ?? '')
    .toBe('one more')

  // and a link into the middle
  const jumpStart = performance.now()
  await page.evaluate(() => {
    location.hash = '#m=seed-4321'
  })
  await page.locator('[data-message-id="seed-4321"][data-highlight]').waitFor()
  const jumpMs = performance.now() - jumpStart
  expect(await rowCount(page)).toBeLessThan(MAX_ROWS)

  process.stdout.write(
    `chat of ${MESSAGES}: open ${wallMs.toFixed(0)} ms (busy ${busyMs.toFixed(0)} ms; an empty room ` +
      `${empty.wallMs.toFixed(0)} ms, busy ${empty.busyMs.toFixed(0)} ms), scroll ${scroll.fps.toFixed(1)} fps ` +
      `(worst frame ${scroll.worstMs.toFixed(0)} ms, at most ${scroll.rows} rows), ` +
      `one more message ${sendMs.toFixed(1)} ms to the next frame, jump ${jumpMs.toFixed(0)} ms\n`,
  )
  // the goals are 1.5 s and 50 fps; what is asserted has to hold where others take the cores: what the page itself works,
  // beside the same page with an empty room
  expect(busyMs / empty.busyMs).toBeLessThan(MAX_BUSY_RATIO)
})
