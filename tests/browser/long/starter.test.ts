import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { FaultProxy } from '../../support/fault-proxy.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { startServerProcess, type ServerProcess } from '../../support/test-server.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

const ids = (person: RoomPage): Promise<(string | null)[]> =>
  person.cards.evaluateAll((cards) => cards.map((card) => card.getAttribute('data-card-id')).sort())

test('[U60] [U2] an empty board says what to do; two people who accept the starter cards at once get one set', async () => {
  const ada = await suite.enter(server.url, 'lobby')
  const hint = ada.page.getByRole('heading', { name: 'This board is empty' })
  const second = ada.page.getByRole('link', { name: 'Open a second window' })
  await hint.waitFor()
  await ada.page.getByRole('button', { name: 'Copy the link to invite others' }).waitFor()
  // the second window is a person of its own
  const [popup] = await Promise.all([ada.page.context().waitForEvent('page'), second.click()])
  await popup.locator('[data-connection="connected"]').waitFor()
  expect(new URL(popup.url()).pathname).toBe('/rooms/lobby')
  await expect.poll(() => hint.count()).toBe(0)
  expect(await second.count()).toBe(0)
  await popup.close()

  const proxy = await FaultProxy.start(server.port)
  suite.after(() => proxy.close())
  const ben = await suite.enter(`http://127.0.0.1:${proxy.port}`, 'lobby')
  const accept = (person: RoomPage): Promise<void> =>
    person.page.getByRole('button', { name: 'Add starter cards' }).click()
  // his cable is pulled, and both accept: neither knows of the other's cards
  proxy.refuse(true)
  proxy.cut()
  await ben.page.locator('button.status:not([data-connection="connected"])').waitFor()
  await Promise.all([accept(ada), accept(ben)])
  expect([await ada.cards.count(), await ben.cards.count()]).toEqual([4, 4])
  proxy.refuse(false)
  await ben.settled()
  await ada.settled()
  expect(await ids(ada)).toEqual(await ids(ben))
  expect(await ada.cards.count()).toBe(4)
  expect(await ada.page.getByRole('button', { name: 'Add starter cards' }).count()).toBe(0)

  // deleted and accepted again: the next set
  await ada.page.keyboard.press('Control+a')
  await ada.page.keyboard.press('Delete')
  await expect.poll(() => ben.cards.count()).toBe(0)
  await accept(ben)
  await expect.poll(() => ada.cards.count()).toBe(4)
})
