import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import type { RoomPage } from '../support/room-page.ts'

const suite = browserSuite()

const worldPosition = (person: RoomPage, id: string): Promise<string> =>
  person.card(id).evaluate((card) => getComputedStyle(card).transform)
const textOf = async (person: RoomPage, id: string): Promise<string> =>
  (await person.card(id).locator('.card-text').textContent()) ?? ''

test('[U35] a card made by one person is there for the other, and follows a drag', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'drag')
  const ben = await suite.enter(server.url, 'drag')
  const id = await ada.createCard('Drag me', { x: 420, y: 240 })
  await expect.poll(() => textOf(ben, id)).toBe('Drag me')
  const before = await worldPosition(ben, id)
  const box = await ada.card(id).boundingBox()
  if (box === null) throw new Error('the card is not on the page')
  await ada.page.mouse.move(box.x + 40, box.y + 30)
  await ada.page.mouse.down()
  await ada.page.mouse.move(box.x + 200, box.y + 120, { steps: 12 })
  await ada.page.mouse.up()
  await expect.poll(() => worldPosition(ben, id)).not.toBe(before)
  await expect.poll(async () => (await worldPosition(ben, id)) === (await worldPosition(ada, id))).toBe(true)
})

test('[U35] with the keyboard alone a card is made, written, moved and deleted', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'keys')
  const ben = await suite.enter(server.url, 'keys')
  await ada.page.keyboard.press('n')
  await ada.page.keyboard.type('By keys')
  await ada.page.keyboard.press('Escape')
  await expect.poll(() => ben.cards.count()).toBe(1)
  const id = (await ben.cards.first().getAttribute('data-card-id')) ?? ''
  await expect.poll(() => textOf(ben, id)).toBe('By keys')
  const before = await worldPosition(ben, id)
  await ada.card(id).focus()
  await ada.page.keyboard.press('Shift+ArrowRight')
  await expect.poll(() => worldPosition(ben, id)).not.toBe(before)
  await ada.page.keyboard.press('Delete')
  await expect.poll(() => ben.cards.count()).toBe(0)
})

test('[U52] two people type in one card at once: both texts survive and are equal', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'together')
  const ben = await suite.enter(server.url, 'together')
  const id = await ada.createCard('-', { x: 420, y: 240 })
  await expect.poll(() => textOf(ben, id)).toBe('-')
  await ada.card(id).dblclick()
  await ben.card(id).dblclick()
  await ada.page.keyboard.press('Home')
  await ben.page.keyboard.press('End')
  await Promise.all([ada.page.keyboard.type('from ada'), ben.page.keyboard.type('from ben')])
  await ada.page.keyboard.press('Escape')
  await ben.page.keyboard.press('Escape')
  await expect.poll(() => textOf(ada, id)).toBe('from ada-from ben')
  await expect.poll(() => textOf(ben, id)).toBe('from ada-from ben')
})

test('[U51] a card is coloured and deleted for both, and undo brings it back', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'colours')
  const ben = await suite.enter(server.url, 'colours')
  const id = await ada.createCard('Paint me', { x: 420, y: 240 })
  await ben.card(id).waitFor()
  await ada.card(id).click()
  const bar = ada.page.getByRole('toolbar', { name: 'Card' })
  await bar.getByRole('button', { name: 'Lilac' }).click()
  await expect.poll(() => ben.card(id).getAttribute('data-color')).toBe('lilac')
  await bar.getByRole('button', { name: 'Delete card' }).click()
  await expect.poll(() => ben.cards.count()).toBe(0)
  await ada.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(() => textOf(ben, id)).toBe('Paint me')
})

test('[U34] undo takes back only one’s own edits', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'undo')
  const ben = await suite.enter(server.url, 'undo')
  const undo = ada.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: /^Undo/ })
  expect(await undo.isDisabled()).toBe(true)
  const mine = await ada.createCard('mine', { x: 300, y: 240 })
  await ben.card(mine).waitFor()
  const theirs = await ben.createCard('theirs', { x: 700, y: 420 })
  await ada.card(theirs).waitFor()
  for (let step = 0; step < 10 && (await undo.isEnabled()); step++) await undo.click()
  await expect.poll(() => ben.card(mine).count()).toBe(0)
  expect(await textOf(ada, theirs)).toBe('theirs')
})

test('[U36] a card somebody else has selected carries their name and colour', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'selection')
  const ben = await suite.enter(server.url, 'selection')
  await ada.setProfile({ name: 'Ada' })
  const id = await ada.createCard('Look', { x: 420, y: 240 })
  await ben.card(id).waitFor()
  await ada.card(id).click()
  const ring = ben.card(id).locator(`[data-selected-by="${await ada.userId()}"]`)
  await ring.waitFor()
  expect(await ring.textContent()).toBe('Ada')
})

test('[U53] the board zooms around the pointer and pans, and a card keeps its place on it', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'zoom')
  const id = await ada.createCard('Stay', { x: 420, y: 240 })
  const zoom = ada.page.getByRole('toolbar', { name: 'Zoom' })
  const boxOf = async (): Promise<{ x: number; y: number; width: number; height: number }> => {
    await ada.still(ada.card(id))
    const box = await ada.card(id).boundingBox()
    if (box === null) throw new Error('the card is not on the page')
    return box
  }
  const before = await boxOf()
  const pointer = { x: before.x + before.width / 4, y: before.y + before.height / 4 }
  await ada.page.mouse.move(pointer.x, pointer.y)
  await ada.page.keyboard.down('Control')
  await ada.page.mouse.wheel(0, -200)
  await ada.page.keyboard.up('Control')
  await expect.poll(async () => (await boxOf()).width).toBeGreaterThan(before.width * 1.05)
  const zoomed = await boxOf()
  // what was under the pointer still is
  expect(Math.abs((pointer.x - zoomed.x) / zoomed.width - 0.25)).toBeLessThan(0.02)
  expect(Math.abs((pointer.y - zoomed.y) / zoomed.height - 0.25)).toBeLessThan(0.02)
  await ada.page.getByRole('button', { name: /^Move the board/ }).click()
  await ada.page.mouse.move(pointer.x, pointer.y)
  await ada.page.mouse.down()
  await ada.page.mouse.move(pointer.x + 60, pointer.y + 40, { steps: 5 })
  await ada.page.mouse.up()
  const panned = await boxOf()
  expect(Math.round(panned.x - zoomed.x)).toBe(60)
  expect(Math.round(panned.y - zoomed.y)).toBe(40)
  await zoom.getByRole('button', { name: /^Fit all/ }).click()
  await expect.poll(async () => (await boxOf()).x === panned.x).toBe(false)
})
