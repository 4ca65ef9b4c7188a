import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import { contrast, parseColor } from '../support/color.ts'
import type { RoomPage } from '../support/room-page.ts'
import { waitFor } from '../support/wait.ts'

const suite = browserSuite()

async function centerOf(person: RoomPage, selector: string): Promise<{ x: number; y: number }> {
  const box = await person.page.locator(selector).boundingBox()
  if (box === null) throw new Error(`${selector} is not on the page`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** Where a remote cursor's tip is, in pixels of the viewer's page; `undefined` while it is not shown. */
async function tipOf(viewer: RoomPage, userId: string): Promise<{ x: number; y: number } | undefined> {
  const cursor = viewer.cursorOf(userId)
  if (!(await cursor.isVisible())) return undefined
  const box = await cursor.evaluate((element) => {
    const { x, y } = element.getBoundingClientRect()
    return { x, y }
  })
  return box
}

test('[U3] a remote cursor has an arrow and a readable label: the name on the colour of the person', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'cursors')
  const ben = await suite.enter(server.url, 'cursors')
  await ada.setProfile({ name: 'Ada', color: 'Jade' })
  await ada.board.hover({ position: { x: 300, y: 200 } })
  const cursor = ben.cursorOf(await ada.userId())
  await cursor.waitFor()
  await expect.poll(() => cursor.locator('.cursor-label').textContent()).toBe('Ada')
  expect(await cursor.locator('svg path').count()).toBeGreaterThan(0)
  const colors = await cursor.locator('.cursor-label').evaluate((label) => {
    const style = getComputedStyle(label)
    return { text: style.color, background: style.backgroundColor }
  })
  expect(parseColor(colors.background)).toEqual(parseColor('#00855f'))
  expect(contrast(colors.text, colors.background)).toBeGreaterThanOrEqual(4.5)
})

test('[U6] a pointer on a card is on the same card in a window of another size, to 2 pixels', async () => {
  const server = await suite.serve()
  const wide = await suite.enter(server.url, 'sizes', { viewport: { width: 1440, height: 900 } })
  const card = await wide.createCard('Point at me', { x: 420, y: 260 })
  const phone = await suite.enter(server.url, 'sizes', { viewport: { width: 390, height: 844 } })
  await phone.card(card).waitFor()
  const target = `[data-card-id="${card}"]`
  const from = await centerOf(wide, target)
  await wide.page.mouse.move(from.x + 40, from.y + 60)
  await wide.page.mouse.move(from.x, from.y, { steps: 4 })
  const userId = await wide.userId()
  await phone.cursorOf(userId).waitFor()
  await expect
    .poll(async () => {
      const [tip, center] = [await tipOf(phone, userId), await centerOf(phone, target)]
      return tip === undefined ? Infinity : Math.max(Math.abs(tip.x - center.x), Math.abs(tip.y - center.y))
    })
    .toBeLessThanOrEqual(2)
})

test('[U7] a cursor is gone when the pointer leaves the board, the person stays', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'leaving')
  const ben = await suite.enter(server.url, 'leaving')
  const userId = await ada.userId()
  await ada.board.hover({ position: { x: 300, y: 300 } })
  await ben.cursorOf(userId).waitFor()
  await ada.page.locator('.top-bar').hover()
  await waitFor('the cursor to be hidden', async () => !(await ben.cursorOf(userId).isVisible()))
  expect(await ben.stack.getByRole('listitem').count()).toBe(2)
})

test('[U9] a label at the far edge flips inside and never causes scroll bars', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'edge')
  const ben = await suite.enter(server.url, 'edge')
  const box = await ada.board.boundingBox()
  if (box === null) throw new Error('there is no board')
  await ada.page.mouse.move(box.x + box.width - 4, box.y + box.height - 4)
  const cursor = ben.cursorOf(await ada.userId())
  await cursor.waitFor()
  const page = await ben.page.evaluate(() => ({
    scroll: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
    window: [innerWidth, innerHeight],
  }))
  expect(page.scroll).toEqual(page.window)
  const label = await cursor.locator('.cursor-label').boundingBox()
  const board = await ben.board.boundingBox()
  if (label === null || board === null) throw new Error('label or board is missing')
  expect(label.x + label.width).toBeLessThanOrEqual(board.x + board.width + 1)
  expect(label.y + label.height).toBeLessThanOrEqual(board.y + board.height + 1)
})
