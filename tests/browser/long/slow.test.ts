import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { knowDevice, RoomPage } from '../../support/room-page.ts'
import { connectStock } from '../../support/stock-client.ts'
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../support/test-server.ts'
import { waitFor } from '../../support/wait.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

/** Holds back what the server says on a page's sockets: the page is there, the room is slow. */
class SlowServer {
  readonly #held: (() => void)[] = []
  #allowed = 0

  async attach(page: Page): Promise<void> {
    await page.routeWebSocket(/\/ws\//, (socket) => {
      socket.connectToServer().onMessage((message) => {
        this.#held.push(() => socket.send(message))
        this.#flush()
      })
    })
  }

  /** Messages that wait. */
  get waiting(): number {
    return this.#held.length
  }

  /** Lets the next messages through; `Infinity` ends it. */
  release(count: number): void {
    this.#allowed += count
    this.#flush()
  }

  hold(): void {
    this.#allowed = 0
  }

  #flush(): void {
    while (this.#allowed > 0) {
      const send = this.#held.shift()
      if (send === undefined) return
      this.#allowed--
      send()
    }
  }
}

async function visit(room: string): Promise<{ person: RoomPage; slow: SlowServer }> {
  const context = await suite.browser.newContext({ serviceWorkers: 'block' })
  await knowDevice(context)
  suite.after(() => context.close())
  const page = await context.newPage()
  const slow = new SlowServer()
  await slow.attach(page)
  await page.goto(`${server.url}/rooms/${room}`)
  return { person: new RoomPage(page, [], () => context.close()), slow }
}

const word = async (person: RoomPage): Promise<string> =>
  (await person.status.locator('.word').textContent())?.trim() ?? ''

test('[U48] a slow server: a skeleton, then the room; the next time this device’s copy at once, said to be one', async () => {
  const ben = await suite.enter(server.url, 'slow')
  const id = await ben.createCard('worth the wait', { x: 400, y: 250 })
  await ben.settled()
  const { person: ada, slow } = await visit('slow')
  await ada.page.locator('.ghosts').waitFor()
  expect(await ada.cards.count()).toBe(0)
  expect(await word(ada)).toBe('Connecting')
  await waitFor('the server to have answered', () => slow.waiting > 0)
  slow.release(Infinity)
  await ada.card(id).waitFor()
  await ada.settled()
  expect(await ada.page.locator('.ghosts, .banner').count()).toBe(0)
  await ada.status.click()
  await ada.page.locator('.status-details').getByText('kept', { exact: true }).waitFor()

  slow.hold()
  await ada.page.reload()
  await ada.card(id).waitFor()
  await ada.page.getByText('From this device').waitFor()
  expect(await ada.status.getAttribute('data-connection')).toBe('connecting')
  // it can be worked on
  await ada.message.fill('early')
  await ada.message.press('Enter')
  slow.release(Infinity)
  await ada.settled()
  await ada.page.locator('.banner').waitFor({ state: 'detached' })
  await expect.poll(() => ben.messages.locator('p').allTextContents()).toEqual(['early'])
})

test('[U48] a large room arrives with a bar that grows, and is gone with the last part', async () => {
  const writer = connectStock(server.wsUrl, 'large')
  suite.after(() => writer.destroy())
  await waitFor('the writer to be in', () => writer.provider.synced)
  // every update below the limit of a frame; together well above the size of one fragment
  const line = 'A note so long that its bytes take several parts. '.repeat(400)
  for (let part = 0; part < 40; part++) writer.doc.getText('note').insert(0, `${part} ${line}`)
  const witness = connectStock(server.wsUrl, 'large')
  suite.after(() => witness.destroy())
  const length = writer.doc.getText('note').length
  await waitFor('all of it to be stored', () => witness.doc.getText('note').length === length)

  const { person: ada, slow } = await visit('large')
  await waitFor('several parts to wait', () => slow.waiting >= 6)
  const bar = ada.page.getByRole('progressbar', { name: 'Loading the room' })
  let value = 0
  for (let released = 0; released < 20 && value === 0; released++) {
    slow.release(1)
    value = (await bar.count()) === 0 ? 0 : Number(await bar.getAttribute('aria-valuenow'))
  }
  expect(value).toBeGreaterThan(0)
  expect(value).toBeLessThan(100)
  slow.release(1)
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(value)
  slow.release(Infinity)
  await ada.settled()
  expect(await bar.count()).toBe(0)
})

test('[U33] a restart while somebody writes keeps focus, selection, what is written, and where the chat is scrolled to', async () => {
  const dataDir = temporaryFolder()
  const own = await startServerProcess({ built: true, dataDir })
  suite.after(() => own.kill('SIGKILL'))
  const ada = await suite.enter(own.url, 'restart')
  const writer = connectStock(own.wsUrl, 'restart')
  suite.after(() => writer.destroy())
  await waitFor('the writer to be in', () => writer.provider.synced)
  const chat = writer.doc.getArray('chat')
  const sentAt = Date.now() - 100_000
  chat.push(
    Array.from({ length: 60 }, (_, i) => ({
      id: `m${i}`,
      userId: 'w',
      name: 'Writer',
      color: '#1c75d6',
      text: `message ${i}`,
      sentAt: sentAt + i,
    })),
  )
  await ada.page.getByText('message 59', { exact: true }).waitFor()
  const log = ada.page.locator('.log')
  await log.evaluate((list) => list.scrollTo({ top: 200 }))
  const id = await ada.createCard('to be continued', { x: 400, y: 250 })
  await ada.settled()
  await ada.card(id).dblclick()
  const editor = ada.page.locator('[data-editing] textarea, [data-editing] [contenteditable]')
  await editor.waitFor()
  await ada.page.keyboard.press('Home')
  for (let i = 0; i < 3; i++) await ada.page.keyboard.press('ArrowRight')
  await ada.page.keyboard.press('Shift+ArrowRight')
  const look = (): Promise<unknown> =>
    editor.evaluate((node) => [
      document.activeElement === node,
      node instanceof HTMLTextAreaElement ? [node.selectionStart, node.selectionEnd] : String(getSelection()),
      node.scrollTop,
    ])
  const before = await look()
  const scrolled = await log.evaluate((list) => list.scrollTop)
  expect(scrolled).toBeGreaterThan(0)

  await own.kill('SIGTERM')
  await expect.poll(() => ada.status.getAttribute('data-connection')).toBe('reconnecting')
  expect(await look()).toEqual(before)
  await ada.page.keyboard.type('_')
  const again = await startServerProcess({ built: true, port: own.port, dataDir })
  suite.after(() => again.kill('SIGKILL'))
  await waitFor(
    'her to be back',
    async () => (await ada.status.getAttribute('data-connection')) === 'connected',
  )
  await ada.page.keyboard.type('e')
  await ada.page.keyboard.press('Escape')
  await expect.poll(() => ada.card(id).locator('.card-text').textContent()).toBe('to _ee continued')
  await ada.settled()
  expect(await log.evaluate((list) => list.scrollTop)).toBe(scrolled)
})
