import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import type { RoomPage } from '../support/room-page.ts'

const suite = browserSuite()
const path = (person: RoomPage): string => new URL(person.page.url()).pathname

test('[U37] a link opens its room, an unknown one is created, Back and Forward switch rooms', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'first-room')
  expect(await ada.page.title()).toBe('First room · Roomful')
  await ada.createCard('only in the first room', { x: 400, y: 250 })
  await ada.settled()
  await ada.page.getByRole('button', { name: 'First room' }).click()
  await ada.page.getByLabel('Open or create a room').fill('Second Room!')
  await ada.page.getByRole('button', { name: 'Go' }).click()
  await expect.poll(() => path(ada)).toBe('/rooms/second-room')
  await expect.poll(() => ada.page.title()).toBe('Second room · Roomful')
  await ada.settled()
  expect(await ada.cards.count()).toBe(0)
  await ada.page.goBack()
  await expect.poll(() => path(ada)).toBe('/rooms/first-room')
  await expect.poll(() => ada.cards.count()).toBe(1)
  await ada.page.goForward()
  await expect.poll(() => path(ada)).toBe('/rooms/second-room')
  await expect.poll(() => ada.cards.count()).toBe(0)
})

test('[U37] another spelling of a room name leads to the one address of that room', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'design-review')
  await ada.page.goto(`${server.url}/rooms/Design%20Review`)
  await expect.poll(() => path(ada)).toBe('/rooms/design-review')
})

test('[U61] the start page and unknown paths lead to the lobby', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'somewhere')
  for (const address of ['/', '/no/such/page', '/rooms']) {
    await ada.page.goto(`${server.url}${address}`)
    await expect.poll(() => path(ada)).toBe('/rooms/lobby')
  }
})
