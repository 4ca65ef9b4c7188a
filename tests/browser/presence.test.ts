import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { findChromium } from '../../scripts/chromium.mjs'
import { browserSuite } from '../support/browser-suite.ts'
import { parseColor } from '../support/color.ts'
import { enterRoom, type RoomPage } from '../support/room-page.ts'
import { waitFor } from '../support/wait.ts'

const suite = browserSuite()

const faces = (person: RoomPage): Promise<number> => person.stack.locator('[data-user-id]').count()
const titles = (person: RoomPage): Promise<(string | null)[]> =>
  person.stack.locator('[data-user-id]').evaluateAll((all) => all.map((face) => face.getAttribute('title')))

test('[U15] the stack shows oneself first with a ring, then others by name, five at most, then "+N" with the full list', async () => {
  const server = await suite.serve()
  const people: RoomPage[] = []
  const names = ['Hugo', 'Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gus']
  for (const name of names) {
    const person = await suite.enter(server.url, 'crowd', { viewport: { width: 1280, height: 800 } })
    await person.setProfile({ name })
    people.push(person)
  }
  const [self] = people as [RoomPage]
  await expect.poll(() => titles(self)).toEqual(['Hugo (you)', 'Ada', 'Ben', 'Cleo', 'Dan'])
  const rings = await self.stack
    .locator('.avatar')
    .evaluateAll((all) => all.map((face) => getComputedStyle(face).boxShadow))
  expect(rings[0]).not.toBe(rings[1])
  const more = self.stack.getByRole('button', { name: '3 more: show everybody' })
  expect(await more.textContent()).toBe('+3')
  await more.click()
  const list = self.page.getByRole('dialog', { name: 'Everybody here' })
  for (const name of names) await list.getByText(name, { exact: true }).waitFor()
})

test('[U16] a reload keeps the identity and the count', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'reload')
  const ben = await suite.enter(server.url, 'reload')
  const [id, name] = [await ada.userId(), await ada.userName()]
  await expect.poll(() => faces(ben)).toBe(2)
  await ada.page.reload()
  await ada.settled()
  expect([await ada.userId(), await ada.userName()]).toEqual([id, name])
  await expect.poll(() => faces(ada)).toBe(2)
  expect(await faces(ben)).toBe(2)
})

test('[U17] [I4] who closes the page is gone for the others', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'close')
  const ben = await suite.enter(server.url, 'close')
  await expect.poll(() => faces(ben)).toBe(2)
  await ada.page.close()
  await waitFor('one face to be left', async () => (await faces(ben)) === 1, 5_000)
})

test('[U17] [I4] a browser that is killed is gone for the others', async () => {
  const server = await suite.serve()
  const found = findChromium()
  if ('reason' in found) throw new Error(found.reason)
  const doomed = await chromium.launchServer({ executablePath: found.path, args: ['--no-sandbox'] })
  suite.after(() => doomed.kill())
  const browser = await chromium.connect(doomed.wsEndpoint())
  await enterRoom(browser, server.url, 'crash')
  const ben = await suite.enter(server.url, 'crash')
  await expect.poll(() => faces(ben)).toBe(2)
  await doomed.kill()
  await waitFor('one face to be left', async () => (await faces(ben)) === 1, 35_000)
})

test('[U19] a new name and colour are everywhere at once', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'rename')
  const ben = await suite.enter(server.url, 'rename')
  await ada.board.hover({ position: { x: 300, y: 300 } })
  const userId = await ada.userId()
  await ben.cursorOf(userId).waitFor()
  await ada.setProfile({ name: 'Grace', color: 'Orange' })
  const label = ben.cursorOf(userId).locator('.cursor-label')
  await expect.poll(() => label.textContent()).toBe('Grace')
  await expect
    .poll(async () =>
      parseColor(await label.evaluate((element) => getComputedStyle(element).backgroundColor)),
    )
    .toEqual(parseColor('#c45000'))
  await expect.poll(() => titles(ben)).toContain('Grace')
})

test('[U19] a name with markup and bidi tricks is shown as text, isolated, at most 28 characters', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'tricks')
  const ben = await suite.enter(server.url, 'tricks')
  await ada.setProfile({ name: '<img src=x onerror=1>\u202Eabc' })
  await ada.message.fill('who am I?')
  await ada.message.press('Enter')
  const author = ben.messages.first().locator('header bdi')
  await expect.poll(() => author.textContent()).toBe('<img src=x onerror=1>abc')
  expect(await ben.page.locator('img').count()).toBe(0)
  await ada.setProfile({ name: 'x'.repeat(60) })
  await expect.poll(() => titles(ben)).toContain('x'.repeat(28))
})
