import { roomDoc } from '@roomful/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { connectRoomful } from '../../support/roomful-client.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { seedChat } from '../../support/seed-chat.ts'
import { type ServerProcess, startServerProcess } from '../../support/test-server.ts'
import { waitFor } from '../../support/wait.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

const row = (person: RoomPage, id: string): ReturnType<RoomPage['page']['locator']> =>
  person.page.locator(`[data-message-id="${id}"]`)
const hasFocus = (person: RoomPage, selector: string): Promise<boolean> =>
  person.page
    .locator(selector)
    .evaluate((node) => node === document.activeElement)
    .catch(() => false)

test('[U39] a link to a message opens the chat there, lights it up for two seconds and gives it the focus', async () => {
  await seedChat(
    server.wsUrl,
    'deep',
    Array.from({ length: 300 }, (_, index) => `line ${index}`),
  )
  // somebody who had closed the panel
  const ada = await suite.enter(server.url, 'deep')
  await ada.page.getByRole('button', { name: /panel/i }).first().click()
  await expect.poll(() => ada.messages.count()).toBe(0)
  await ada.page.goto(`${server.url}/rooms/deep#m=seed-40`)
  const target = row(ada, 'seed-40')
  await target.and(ada.page.locator('[data-highlight]')).waitFor()
  await expect.poll(() => hasFocus(ada, '[data-message-id="seed-40"]')).toBe(true)
  const log = await ada.page.locator('.log').boundingBox()
  await expect
    .poll(async () => {
      const box = await target.boundingBox()
      return box !== null && log !== null && box.y >= log.y && box.y + box.height <= log.y + log.height
    })
    .toBe(true)
  await expect.poll(() => ada.page.locator('[data-highlight]').count()).toBe(0)

  // a link inside the chat leads on in place: no other page is loaded
  await ada.page.evaluate(() => {
    document.body.dataset['samePage'] = 'yes'
  })
  await ada.message.fill(`${server.url}/rooms/deep#m=seed-3 is where it began`)
  await ada.message.press('Enter')
  const link = ada.messages.locator('a', { hasText: 'rooms/deep#m=seed-3' })
  expect(await link.getAttribute('rel')).toBe('noopener nofollow')
  await link.click()
  await expect.poll(() => hasFocus(ada, '[data-message-id="seed-3"]')).toBe(true)
  expect(new URL(ada.page.url()).hash).toBe('#m=seed-3')
  expect(await ada.page.evaluate(() => document.body.dataset['samePage'])).toBe('yes')

  // and Back comes back
  await ada.page.goBack()
  await expect.poll(() => hasFocus(ada, '[data-message-id="seed-40"]')).toBe(true)
})

test('[U39] the address of a message is copied from its row, and a message that is gone says so', async () => {
  await seedChat(server.wsUrl, 'copied', ['keep', 'other'])
  const ada = await suite.enter(server.url, 'copied', { permissions: ['clipboard-read', 'clipboard-write'] })
  await ada.messages.first().hover()
  await ada.messages.first().getByRole('button', { name: 'Copy link to message' }).click()
  const link = `${server.url}/rooms/copied#m=seed-0`
  await expect.poll(() => ada.page.evaluate(() => navigator.clipboard.readText())).toBe(link)
  await ada.page.getByText('Link copied').waitFor()
  await ada.page.goto(link)
  await expect.poll(() => hasFocus(ada, '[data-message-id="seed-0"]')).toBe(true)
  await ada.page.goto(`${server.url}/rooms/copied#m=never-was`)
  await ada.page.getByText('That message was deleted').waitFor()
})

test('[U39] a link to a card goes there on the board, lights it up and gives it the focus; one that is gone says so', async () => {
  const client = connectRoomful(server.wsUrl, 'cards')
  suite.after(() => client.destroy())
  await waitFor('the room', () => client.provider.synced)
  const ada = await suite.enter(server.url, 'cards')
  const id = await ada.createCard('here', { x: 300, y: 300 })
  await ada.settled()
  // far away, and seen from close
  await waitFor('the card', () => roomDoc(client.doc).cards.has(id))
  const card = roomDoc(client.doc).cards.get(id)
  if (!(card instanceof Object) || !('set' in card) || typeof card.set !== 'function')
    throw new Error('no card')
  card.set('pos', [3_600, 2_300])
  await waitFor('the move to be stored', () => client.provider.pending === 0)
  const ben = await suite.enter(server.url, 'cards', { viewport: { width: 900, height: 640 } })
  await ben.page.evaluate((hash) => {
    location.hash = hash
  }, `#c=${id}`)
  await ben.card(id).and(ben.page.locator('[data-highlight]')).waitFor()
  await expect.poll(() => hasFocus(ben, `[data-card-id="${id}"]`)).toBe(true)
  const board = await ben.board.boundingBox()
  await expect
    .poll(async () => {
      const box = await ben.card(id).boundingBox()
      return box !== null && board !== null && box.width > 150 && box.x + box.width <= board.x + board.width
    })
    .toBe(true)
  await ben.page.goto(`${server.url}/rooms/cards#c=never-was`)
  await ben.page.getByText('That card was deleted').waitFor()
})
