import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import { contrast, parseColor } from '../support/color.ts'
import type { RoomPage } from '../support/room-page.ts'
import { seedCards } from '../support/seeded-cards.ts'
import { startServerProcess, type ServerProcess } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

interface Pair {
  readonly ada: RoomPage
  readonly ben: RoomPage
  readonly ids: readonly string[]
}

/** Two people in a room with cards side by side, 400 units apart. */
async function pairWith(room: string, texts: readonly string[]): Promise<Pair> {
  const cards = texts.map((text, n) => ({ x: 1_200 + 400 * n, y: 900, size: [288, 176] as const, text }))
  const ids = await seedCards(server.wsUrl, room, cards)
  const [ada, ben] = await Promise.all([suite.enter(server.url, room), suite.enter(server.url, room)])
  const last = ids.at(-1) ?? ''
  await Promise.all([ada.still(ada.card(last)), ben.still(ben.card(last))])
  return { ada, ben, ids }
}

const textOf = async (person: RoomPage, id: string): Promise<string> =>
  (await person.card(id).locator('.card-text').first().textContent()) ?? ''

/** A card's place and size in board units, as the page draws it. */
const geometry = (person: RoomPage, id: string): Promise<readonly [number, number, number, number]> =>
  person.card(id).evaluate((card): [number, number, number, number] => {
    const { m41, m42 } = new DOMMatrix(getComputedStyle(card).transform)
    const { offsetWidth, offsetHeight } =
      card instanceof HTMLElement ? card : { offsetWidth: 0, offsetHeight: 0 }
    return [Math.round(m41), Math.round(m42), offsetWidth, offsetHeight]
  })

/** Resolves when both pages draw a card at the same place and size, and that is not `before`. */
async function agreed(pair: Pair, id: string, before: readonly number[] = []): Promise<readonly number[]> {
  let last: readonly number[] = []
  // a step of a drag on which both agree for an instant is not its end
  await pair.ada.still(pair.ada.card(id))
  await waitFor('both to draw the card alike', async () => {
    const [a, b] = await Promise.all([geometry(pair.ada, id), geometry(pair.ben, id)])
    last = a
    return String(a) === String(b) && String(a) !== String(before)
  })
  return last
}

async function centre(element: Locator): Promise<{ x: number; y: number }> {
  const box = await element.boundingBox()
  if (box === null) throw new Error('the element is not on the page')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

const bar = (person: RoomPage): Locator => person.page.locator('.card-bar')
const press = (person: RoomPage, name: string | RegExp): Promise<void> =>
  bar(person).getByRole('button', { name }).click()
const selected = (person: RoomPage): Locator => person.page.locator('[data-card-id][data-selected]')
const said = (person: RoomPage): Promise<string | null> =>
  person.page.locator('[data-announcer]').textContent()

/** The cards from back to front, by their texts. */
const stack = (person: RoomPage): Promise<string> =>
  person.cards.evaluateAll((cards) =>
    cards
      .map((card) => ({
        text: card.querySelector('.card-text')?.textContent ?? '',
        rank: card instanceof HTMLElement ? Number(card.style.zIndex) : 0,
      }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ text }) => text)
      .join(' '),
  )

async function isAbove(person: RoomPage, a: string, b: string): Promise<boolean> {
  const rankOf = (id: string): Promise<number> =>
    person.card(id).evaluate((card) => Number(getComputedStyle(card).zIndex))
  return (await rankOf(a)) > (await rankOf(b))
}

test('[U35] a drag is followed by the other; Esc takes it back; two who drag one card end equal', async () => {
  const pair = await pairWith('drag', ['Drag me'])
  const { ada, ben, ids } = pair
  const [id = ''] = ids
  const start = await agreed(pair, id)
  const from = await centre(ada.card(id))
  await ada.page.mouse.move(from.x, from.y)
  await ada.page.mouse.down()
  await ada.page.mouse.move(from.x + 160, from.y + 60, { steps: 8 })
  // under way already, before it is let go
  await expect.poll(async () => (await geometry(ben, id))[0]).toBeGreaterThan(start[0] ?? NaN)
  await ada.page.keyboard.press('Escape')
  await ada.page.mouse.up()
  await waitFor('the card to be back', async () => String(await agreed(pair, id)) === String(start))

  const his = await centre(ben.card(id))
  await Promise.all([ada.page.mouse.move(from.x, from.y), ben.page.mouse.move(his.x, his.y)])
  await Promise.all([ada.page.mouse.down(), ben.page.mouse.down()])
  // hers is in hand before he begins
  await ada.page.mouse.move(from.x + 8, from.y)
  await ada.card(id).and(ada.page.locator('[data-dragging]')).waitFor()
  for (let step = 1; step <= 8; step++) {
    await Promise.all([
      ada.page.mouse.move(from.x + step * 15, from.y),
      ben.page.mouse.move(his.x, his.y + step * 15),
    ])
    // nobody else's writes move the card under one's own pointer
    const mine = await geometry(ada, id)
    expect(mine[0]).toBeGreaterThan(start[0] ?? NaN)
    expect(mine[1]).toBe(start[1])
  }
  await ada.page.mouse.up()
  await ben.page.mouse.up()
  await agreed(pair, id, start)
})

test('[U35] [U51] with the keyboard alone a card is made, written, picked up, put down, resized, ordered, deleted', async () => {
  const pair = await pairWith('keys', ['Alpha', 'Beta'])
  const { ada, ben, ids } = pair
  const [alpha = '', beta = ''] = ids
  const { keyboard } = ada.page
  await ada.card(alpha).focus()
  expect(await selected(ada).count()).toBe(1)
  // from the card to its bar, from the bar to the next card, and back
  await keyboard.press('Tab')
  expect(
    await bar(ada)
      .getByRole('button', { name: 'Sand' })
      .evaluate((node) => node === document.activeElement),
  ).toBe(true)
  await keyboard.press('Tab')
  expect(await ada.page.evaluate(() => document.activeElement?.getAttribute('data-card-id'))).toBe(beta)
  await keyboard.press('Shift+Tab')
  expect(await ada.page.evaluate(() => document.activeElement?.getAttribute('data-card-id'))).toBe(alpha)

  const start = await agreed(pair, alpha)
  await keyboard.press('Space')
  await expect.poll(() => said(ada)).toMatch(/^Picked up: Alpha/)
  await keyboard.press('ArrowRight')
  await keyboard.press('Shift+ArrowDown')
  const moved = await agreed(pair, alpha, start)
  expect(moved.slice(0, 2)).toEqual([(start[0] ?? 0) + 10, (start[1] ?? 0) + 100])
  await keyboard.press('Escape')
  await waitFor('it to be put back', async () => String(await agreed(pair, alpha)) === String(start))
  await keyboard.press('Space')
  await keyboard.press('ArrowRight')
  await keyboard.press('Enter')
  await expect.poll(() => said(ada)).toMatch(/^Put down: Alpha at 1210 from the left/)
  expect(await ada.page.locator('[data-grabbed]').count()).toBe(0)
  const down = await agreed(pair, alpha, start)

  await keyboard.press('Alt+ArrowRight')
  await keyboard.press('Alt+Shift+ArrowDown')
  const resized = await agreed(pair, alpha, down)
  expect(resized.slice(2)).toEqual([298, 276])

  await keyboard.press('Control+d')
  await expect.poll(() => ben.cards.count()).toBe(3)
  await expect.poll(() => stack(ben)).toBe('Alpha Beta Alpha')
  const copy = (await selected(ada).getAttribute('data-card-id')) ?? ''
  const liesAbove = (): Promise<boolean> => isAbove(ben, copy, alpha)
  await keyboard.press('[')
  await expect.poll(() => said(ada)).toBe('Sent backward')
  // past what it overlaps, which is its original
  await expect.poll(liesAbove).toBe(false)
  await keyboard.press(']')
  await expect.poll(liesAbove).toBe(true)
  await keyboard.press('Delete')
  await expect.poll(() => ben.cards.count()).toBe(2)
  await keyboard.press('Control+z')
  await expect.poll(() => ben.cards.count()).toBe(3)

  await keyboard.press('Escape')
  await keyboard.press('n')
  await keyboard.type('By keys')
  await keyboard.press('Escape')
  await expect.poll(() => ben.cards.count()).toBe(4)
  await expect.poll(() => ben.cards.filter({ hasText: 'By keys' }).count()).toBe(1)
  // Enter opens what Esc has left
  await keyboard.press('Enter')
  await keyboard.type('!')
  await keyboard.press('Escape')
  await expect.poll(() => ben.cards.filter({ hasText: 'By keys!' }).count()).toBe(1)
})

test('[U51] [U36] many cards: box, Shift press, Ctrl+A; moved, painted, duplicated, ordered and deleted as one', async () => {
  const pair = await pairWith('many', ['One', 'Two', 'Three'])
  const { ada, ben, ids } = pair
  const [one = '', two = '', three = ''] = ids
  await ada.setProfile({ name: 'Ada' })
  const { mouse, keyboard } = ada.page
  const first = await ada.card(one).boundingBox()
  const second = await ada.card(two).boundingBox()
  if (first === null || second === null) throw new Error('the cards are not on the page')

  // a box over the first two
  await mouse.move(first.x - 12, first.y - 12)
  await mouse.down()
  await mouse.move(second.x + 20, second.y + 40, { steps: 5 })
  expect(await ada.page.locator('.selection-box').isVisible()).toBe(true)
  await mouse.up()
  expect(await ada.page.locator('.selection-box').isVisible()).toBe(false)
  await expect.poll(() => selected(ada).count()).toBe(2)
  const rings = ben.page.locator(`[data-selected-by="${await ada.userId()}"]`)
  await expect.poll(() => rings.count()).toBe(2)
  expect(await rings.first().textContent()).toBe('Ada')

  // Shift adds the third and takes it out again; a press alone selects one; all by Ctrl+A
  await ada.card(three).click({ modifiers: ['Shift'] })
  await expect.poll(() => rings.count()).toBe(3)
  await ada.card(three).click({ modifiers: ['Shift'] })
  await expect.poll(() => selected(ada).count()).toBe(2)
  await ada.card(three).click()
  await expect.poll(() => selected(ada).count()).toBe(1)
  await keyboard.press('Control+a')
  await expect.poll(() => selected(ada).count()).toBe(3)
  await keyboard.press('Escape')
  await expect.poll(() => rings.count()).toBe(0)

  // two are dragged, nudged and painted together
  await ada.card(one).click()
  await ada.card(two).click({ modifiers: ['ControlOrMeta'] })
  const before = await Promise.all([geometry(ben, one), geometry(ben, two)])
  const grip = await centre(ada.card(one))
  await mouse.move(grip.x, grip.y)
  await mouse.down()
  await mouse.move(grip.x + 30, grip.y + 90, { steps: 5 })
  await mouse.up()
  const dragged = [await agreed(pair, one, before[0]), await agreed(pair, two, before[1])]
  const shiftOf = (n: 0 | 1, axis: 0 | 1): number => (dragged[n]?.[axis] ?? NaN) - before[n][axis]
  expect([shiftOf(0, 0), shiftOf(0, 1)]).toEqual([shiftOf(1, 0), shiftOf(1, 1)])
  expect(await selected(ada).count()).toBe(2)
  await keyboard.press('ArrowLeft')
  expect((await agreed(pair, two, dragged[1]))[0]).toBe((dragged[1]?.[0] ?? 0) - 10)
  await press(ada, 'Mint')
  await expect.poll(() => ben.page.locator('[data-card-id][data-color="mint"]').count()).toBe(2)

  await press(ada, 'Duplicate 2 cards')
  await expect.poll(() => ben.cards.count()).toBe(5)
  await expect.poll(() => selected(ada).count()).toBe(2)
  await press(ada, 'Delete 2 cards')
  await expect.poll(() => ben.cards.count()).toBe(3)
  // the toast brings back this deletion, whatever was done since
  await ada.card(three).click()
  await press(ada, 'Rose')
  await expect.poll(() => ben.card(three).getAttribute('data-color')).toBe('rose')
  await ada.page
    .getByRole('button', { name: 'Undo', exact: true })
    .and(ada.page.locator('[data-sonner-toast] button'))
    .click()
  // at once: given back when the toast has faded, it would be taken from whoever has gone on by then
  expect(await ada.card(three).evaluate((card) => card === document.activeElement)).toBe(true)
  await expect.poll(() => ben.cards.count()).toBe(5)
  expect(await ben.card(three).getAttribute('data-color')).toBe('rose')

  // its copy covers the rest of it
  await ada.card(one).click({ position: { x: 6, y: 6 } })
  await keyboard.press('}')
  await expect.poll(async () => (await stack(ben)).endsWith('One')).toBe(true)
  await keyboard.press('{')
  await expect.poll(async () => (await stack(ben)).startsWith('One')).toBe(true)
})

test('[U51] one card: coloured, resized at its corner, duplicated with Alt, its link copied, deleted and brought back', async () => {
  const pair = await pairWith('one', ['Paint me'])
  const { ada, ben, ids } = pair
  const [id = ''] = ids
  await ada.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await ada.card(id).click()
  await press(ada, 'Lilac')
  await expect.poll(() => ben.card(id).getAttribute('data-color')).toBe('lilac')
  const start = await agreed(pair, id)
  const { mouse } = ada.page

  const corner = await centre(ada.card(id).locator('[data-resize="se"]'))
  await mouse.move(corner.x, corner.y)
  await mouse.down()
  await mouse.move(corner.x + 70, corner.y + 50, { steps: 6 })
  await mouse.up()
  const larger = await agreed(pair, id, start)
  expect(larger.slice(0, 2)).toEqual(start.slice(0, 2))
  expect(larger[2]).toBeGreaterThan(start[2] ?? NaN)
  expect(larger[3]).toBeGreaterThan(start[3] ?? NaN)
  // no smaller than a line of text
  const grip = await centre(ada.card(id).locator('[data-resize="nw"]'))
  await mouse.move(grip.x, grip.y)
  await mouse.down()
  await mouse.move(grip.x + 900, grip.y + 600, { steps: 4 })
  await mouse.up()
  expect((await agreed(pair, id, larger)).slice(2)).toEqual([128, 72])

  await press(ada, 'Copy link to card')
  await expect
    .poll(() => ada.page.evaluate(() => navigator.clipboard.readText()))
    .toBe(`${server.url}/rooms/one#c=${id}`)

  const at = await centre(ada.card(id))
  await ada.page.keyboard.down('Alt')
  await mouse.move(at.x, at.y)
  await mouse.down()
  await mouse.move(at.x - 220, at.y - 80, { steps: 6 })
  await mouse.up()
  await ada.page.keyboard.up('Alt')
  await expect.poll(() => ben.cards.count()).toBe(2)
  const copy = (await selected(ada).getAttribute('data-card-id')) ?? ''
  expect(copy).not.toBe(id)
  expect((await agreed(pair, copy))[0]).toBeLessThan((await geometry(ben, id))[0])

  await press(ada, 'Delete card')
  await expect.poll(() => ben.cards.count()).toBe(1)
  await ada.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(() => textOf(ben, copy)).toBe('Paint me')
})

test('[U52] two people type in one card at once: both texts survive, each sees the other’s caret with their name', async () => {
  const { ada, ben, ids } = await pairWith('together', ['-'])
  const [id = ''] = ids
  await Promise.all([ada.setProfile({ name: 'Ada', color: 'Jade' }), ben.setProfile({ name: 'Ben' })])
  await ada.card(id).dblclick()
  await ben.card(id).dblclick()
  await ada.page.keyboard.press('Home')
  await ben.page.keyboard.press('End')
  await Promise.all([ada.page.keyboard.type('from ada'), ben.page.keyboard.type('from ben')])
  const field = (person: RoomPage): Locator => person.card(id).locator('textarea')
  await expect.poll(() => field(ada).inputValue()).toBe('from ada-from ben')
  await expect.poll(() => field(ben).inputValue()).toBe('from ada-from ben')
  const caretOf = (person: RoomPage): Promise<number> =>
    field(person).evaluate((node) => (node instanceof HTMLTextAreaElement ? node.selectionStart : NaN))
  expect(await caretOf(ada)).toBe(8)
  expect(await caretOf(ben)).toBe(17)

  // each one's caret stands in the other's card where it is, in their colour, with a readable name
  const caret = ben.card(id).locator(`[data-caret-user="${await ada.userId()}"]`)
  await expect.poll(() => caret.locator('.caret').isVisible()).toBe(true)
  expect(await caret.locator('.caret span').textContent()).toBe('Ada')
  const colors = await caret.locator('.caret span').evaluate((label) => {
    const style = getComputedStyle(label)
    return { text: style.color, background: style.backgroundColor }
  })
  expect(parseColor(colors.background)).toEqual(parseColor('#00855f'))
  expect(contrast(colors.text, colors.background)).toBeGreaterThanOrEqual(4.5)
  const dash = ben.card(id).locator('.measure span')
  const offset = await dash.evaluate((node) => {
    const range = document.createRange()
    if (node.firstChild !== null) range.setStart(node.firstChild, 8)
    return range.getBoundingClientRect().left
  })
  await expect
    .poll(async () => Math.abs(((await caret.locator('.caret').boundingBox())?.x ?? NaN) - offset))
    .toBeLessThan(2)

  // when he has left the card, her caret stands in what he reads, in bold or not
  await ben.page.keyboard.press('Escape')
  const read = ben.card(id).locator('.card-text [data-at]')
  await read.waitFor()
  await expect
    .poll(async () => {
      const edge = await read.evaluate((node) => {
        const range = document.createRange()
        if (node.firstChild !== null) range.setStart(node.firstChild, 8)
        return range.getBoundingClientRect().left
      })
      return Math.abs(((await caret.locator('.caret').boundingBox())?.x ?? NaN) - edge)
    })
    .toBeLessThan(2)
  await ben.page.keyboard.press('Enter')

  // her undo takes back her own words alone, in as many steps as she paused for
  const pressUntil = async (keys: string, text: string): Promise<void> => {
    for (let presses = 0; presses < 8 && (await field(ada).inputValue()) !== text; presses++)
      await ada.page.keyboard.press(keys)
  }
  await pressUntil('Control+z', '-from ben')
  await expect.poll(() => field(ben).inputValue()).toBe('-from ben')
  await pressUntil('Control+Shift+z', 'from ada-from ben')
  await expect.poll(() => field(ben).inputValue()).toBe('from ada-from ben')
  await ada.page.keyboard.press('Escape')
  await expect.poll(() => caret.count()).toBe(0)
  await ben.page.keyboard.press('Escape')
  await expect.poll(() => textOf(ada, id)).toBe('from ada-from ben')
  await expect.poll(() => textOf(ben, id)).toBe('from ada-from ben')
})

test('[U34] undo takes back only one’s own edits, and is disabled when there is none', async () => {
  const { ada, ben } = await pairWith('undo', ['base'])
  const undo = ada.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: /^Undo/ })
  expect(await undo.isDisabled()).toBe(true)
  const mine = await ada.createCard('mine', { x: 160, y: 110 })
  await ben.card(mine).waitFor()
  const theirs = await ben.createCard('theirs', { x: 700, y: 520 })
  await ada.card(theirs).waitFor()
  await ben.card(mine).dblclick()
  await ben.page.keyboard.type(' and his')
  await expect.poll(() => textOf(ada, mine)).toBe('mine and his')
  for (let step = 0; step < 10 && (await undo.isEnabled()); step++) await undo.click()
  await expect.poll(() => ben.card(mine).count()).toBe(0)
  expect(await undo.isDisabled()).toBe(true)
  expect(await textOf(ada, theirs)).toBe('theirs')
})
