import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { seedCards } from '../../support/seeded-cards.ts'
import { startServerProcess, type ServerProcess } from '../../support/test-server.ts'
import { waitFor } from '../../support/wait.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

async function boxOf(person: RoomPage, id: string): Promise<Box> {
  await person.still(person.card(id))
  const box = await person.card(id).boundingBox()
  if (box === null) throw new Error('the card is not on the page')
  return box
}

/** Board units of a card's place, which no view may change. */
const place = (person: RoomPage, id: string): Promise<string> =>
  person.card(id).evaluate((card) => getComputedStyle(card).transform)

const selected = (person: RoomPage): Promise<number> =>
  person.page.locator('[data-card-id][data-selected]').count()

test('[U53] wheel, Ctrl+wheel, Space, keys and buttons move the view: cards and cursors keep their place at three zooms', async () => {
  const [id = ''] = await seedCards(server.wsUrl, 'zoom', [
    { x: 1_900, y: 1_100, text: 'Stay' },
    { x: 3_400, y: 2_200, text: 'There' },
  ])
  const ada = await suite.enter(server.url, 'zoom')
  const ben = await suite.enter(server.url, 'zoom', { viewport: { width: 900, height: 700 } })
  const { mouse, keyboard } = ada.page
  const before = await boxOf(ada, id)
  const start = await place(ada, id)
  const cursor = ben.cursorOf(await ada.userId())

  for (const turn of ['first', 'closer', 'farther'] as const) {
    const box = await boxOf(ada, id)
    const at = { x: box.x + box.width / 4, y: box.y + box.height / 4 }
    await mouse.move(at.x + 5, at.y)
    await mouse.move(at.x, at.y, { steps: 3 })
    if (turn !== 'first') {
      await keyboard.down('Control')
      await mouse.wheel(0, turn === 'closer' ? -120 : 400)
      await keyboard.up('Control')
      await expect.poll(async () => (await boxOf(ada, id)).width).not.toBeCloseTo(box.width, 1)
      // what was under the pointer still is
      const zoomed = await boxOf(ada, id)
      expect(Math.abs((at.x - zoomed.x) / zoomed.width - 0.25)).toBeLessThan(0.02)
      expect(Math.abs((at.y - zoomed.y) / zoomed.height - 0.25)).toBeLessThan(0.02)
    }
    // and her cursor is on the same spot of the same card for him, whose zoom is another
    await cursor.waitFor()
    await waitFor('the cursor to stand a quarter into the card', async () => {
      const [tip, his] = [await cursor.boundingBox(), await ben.card(id).boundingBox()]
      if (tip === null || his === null) return false
      return Math.abs(tip.x - (his.x + his.width / 4)) < 3 && Math.abs(tip.y - (his.y + his.height / 4)) < 3
    })
    expect(await place(ada, id)).toBe(start)
    expect(await place(ben, id)).toBe(start)
  }

  // wheel, Space and drag, arrow keys pan by pixels
  const zoomed = await boxOf(ada, id)
  await mouse.wheel(30, 20)
  await waitFor('the wheel to pan', async () => Math.round((await boxOf(ada, id)).x - zoomed.x) === -30)
  await keyboard.down('Space')
  await mouse.move(zoomed.x, zoomed.y)
  await mouse.down()
  await mouse.move(zoomed.x + 60, zoomed.y + 40, { steps: 5 })
  await mouse.up()
  await keyboard.up('Space')
  const panned = await boxOf(ada, id)
  expect([Math.round(panned.x - zoomed.x), Math.round(panned.y - zoomed.y)]).toEqual([30, 20])
  expect(await selected(ada)).toBe(0)
  await keyboard.press('ArrowRight')
  expect(Math.round((await boxOf(ada, id)).x - panned.x)).toBe(-64)

  await keyboard.press('1')
  await expect.poll(async () => Math.round((await boxOf(ada, id)).width)).toBe(240)
  await keyboard.press('0')
  await expect.poll(async () => Math.round((await boxOf(ada, id)).x)).toBe(Math.round(before.x))
  await ada.card(id).click()
  const fit = await boxOf(ada, id)
  await ada.page.getByRole('button', { name: /^Zoom to selection/ }).click()
  await expect.poll(async () => (await boxOf(ada, id)).width).toBeGreaterThan(fit.width)
  await ada.page.getByRole('button', { name: /^Zoom .* set to 100 %$/ }).click()
  await expect.poll(async () => Math.round((await boxOf(ada, id)).width)).toBe(240)
  await ada.page.getByRole('button', { name: 'Fit all' }).click()
  await expect.poll(async () => Math.round((await boxOf(ada, id)).x)).toBe(Math.round(before.x))
  expect(await place(ben, id)).toBe(start)
})

test('[U46] [U35] with fingers: drag a card, pan, pinch, rest for a box and to add, tap twice to write; targets of 44 px', async () => {
  const [one = '', two = ''] = await seedCards(server.wsUrl, 'touch', [
    { x: 1_800, y: 1_000, text: 'One' },
    { x: 1_800, y: 1_400, text: 'Two' },
  ])
  const phone = await suite.enter(server.url, 'touch', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const { page } = phone
  await boxOf(phone, one)
  const fingers = await page.context().newCDPSession(page)
  const touch = (
    type: 'touchStart' | 'touchMove' | 'touchEnd',
    ...points: { x: number; y: number }[]
  ): Promise<unknown> =>
    fingers.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map((point, id) => ({ ...point, id })),
    })
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> => {
    await touch('touchStart', from)
    for (const part of [0.3, 0.6, 1])
      await touch('touchMove', { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part })
    await touch('touchEnd')
  }
  const middle = (box: Box): { x: number; y: number } => ({
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
  })

  // a card is dragged, the board stays
  const first = await boxOf(phone, one)
  const other = await boxOf(phone, two)
  await drag(middle(first), { x: middle(first).x + 40, y: middle(first).y + 10 })
  await expect.poll(async () => Math.round((await boxOf(phone, one)).x - first.x)).toBeGreaterThan(30)
  expect((await boxOf(phone, two)).x).toBe(other.x)

  // one finger on the board pans it, two pinch it
  const empty = { x: 40, y: other.y + other.height / 2 }
  await drag(empty, { x: empty.x + 20, y: empty.y - 50 })
  const panned = await boxOf(phone, two)
  expect([Math.round(panned.x - other.x), Math.round(panned.y - other.y)]).toEqual([20, -50])
  const at = middle(panned)
  await touch('touchStart', { x: at.x - 40, y: at.y }, { x: at.x + 40, y: at.y })
  await touch('touchMove', { x: at.x - 50, y: at.y }, { x: at.x + 50, y: at.y })
  await touch('touchMove', { x: at.x - 60, y: at.y }, { x: at.x + 60, y: at.y })
  await touch('touchEnd')
  const pinched = await boxOf(phone, two)
  expect(pinched.width / panned.width).toBeCloseTo(1.5, 1)
  await page.keyboard.press('0')
  // a tap on the board puts down what is selected, handles and all
  await boxOf(phone, two)
  await touch('touchStart', empty)
  await touch('touchEnd')
  await expect.poll(() => selected(phone)).toBe(0)

  // a finger that rests on the empty board draws a box; on a card it takes it out of the selection, or adds it
  const upper = await boxOf(phone, one)
  const lower = await boxOf(phone, two)
  const corner = { x: Math.min(upper.x, lower.x) - 12, y: upper.y - 12 }
  await touch('touchStart', corner)
  await page.locator('.selection-box').waitFor()
  await touch('touchMove', { x: upper.x + 30, y: upper.y + 30 })
  await touch('touchMove', { x: upper.x + 60, y: lower.y + 30 })
  await touch('touchEnd')
  await expect.poll(() => selected(phone)).toBe(2)
  await touch('touchStart', middle(upper))
  await expect.poll(() => selected(phone)).toBe(1)
  await touch('touchEnd')
  expect(await selected(phone)).toBe(1)

  // every target of bar and tools is large enough for a finger
  const small = await page.locator('.card-bar button, .tools button').evaluateAll((buttons) =>
    buttons
      .map((button) => ({ name: button.getAttribute('aria-label'), box: button.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 44 || box.height < 44)
      .map(({ name }) => name),
  )
  expect(small).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)

  // tap selects, tap again writes
  await touch('touchStart', middle(lower))
  await touch('touchEnd')
  await touch('touchStart', middle(await boxOf(phone, two)))
  await touch('touchEnd')
  await phone.card(two).locator('textarea').waitFor()
})
