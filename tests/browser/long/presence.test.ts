import { createUser, IDENTITY_COLORS } from '@roomful/shared'
import { expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { contrast, parseColor } from '../../support/color.ts'
import { openVisitor, type Visitor } from '../../support/chromium.ts'
import { connectRoomful } from '../../support/roomful-client.ts'
import { knowDevice, RoomPage } from '../../support/room-page.ts'
import { waitFor } from '../../support/wait.ts'

const suite = browserSuite()

const faces = (person: RoomPage): Promise<number> => person.stack.locator('[data-user-id]').count()
const titles = (person: RoomPage): Promise<(string | null)[]> =>
  person.stack.locator('[data-user-id]').evaluateAll((all) => all.map((face) => face.getAttribute('title')))

/** People in Node: a browser each would take the machine's memory, and the page cannot tell. */
function joinInNode(wsUrl: string, room: string, names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    const color = IDENTITY_COLORS[index % IDENTITY_COLORS.length] ?? IDENTITY_COLORS[0]
    const client = connectRoomful(wsUrl, room, { user: createUser(`id-${name}`, name, color) })
    suite.after(() => client.destroy())
  }
}

test('[U15] the stack shows oneself first with a ring, then others by name, five at most, then "+N" with the full list', async () => {
  const server = await suite.serve()
  const self = await suite.enter(server.url, 'crowd', { viewport: { width: 1280, height: 800 } })
  const phone = await suite.enter(server.url, 'crowd', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  await self.setProfile({ name: 'Hugo' })
  await phone.setProfile({ name: 'Zoe' })
  const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn']
  joinInNode(server.wsUrl, 'crowd', [...names].reverse())
  await expect.poll(() => titles(self)).toEqual(['Hugo (you)', 'Ada', 'Ben', 'Cleo', 'Dan'])
  const rings = await self.stack
    .locator('.avatar')
    .evaluateAll((all) => all.map((face) => getComputedStyle(face).boxShadow))
  expect(rings[0]).not.toBe(rings[1])
  const more = self.stack.getByRole('button', { name: '3 more: show everybody' })
  expect(await more.textContent()).toBe('+3')
  await more.click()
  const list = self.page.getByRole('dialog', { name: 'Everybody here' })
  for (const name of [...names, 'Hugo', 'Zoe']) await list.getByText(name, { exact: true }).waitFor()
  expect(await list.getByRole('listitem').first().innerText()).toMatch(/Hugo\s+you/)
  await list.getByRole('button', { name: 'Follow Finn' }).click()
  await self.page.getByText('Following Finn').waitFor()
  await list.waitFor({ state: 'hidden' })

  // on a phone the faces are one target, large enough for a finger, as are the rows of the list
  const crowd = phone.stack.getByRole('button', { name: '7 others: show everybody' })
  expect(await phone.stack.locator('[data-user-id]').count()).toBe(2)
  await crowd.tap()
  const rows = phone.page.getByRole('dialog', { name: 'Everybody here' })
  const follow = await rows.getByRole('button', { name: 'Follow Finn' }).boundingBox()
  expect(Math.min(follow?.width ?? 0, follow?.height ?? 0)).toBeGreaterThanOrEqual(44)
  const width = await phone.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  expect(width[0]).toBe(width[1])
})

test('[U16] one person with two tabs of one identity is one face; a reload makes no noise', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'tabs')
  const twin = await suite.enter(server.url, 'tabs')
  const ben = await suite.enter(server.url, 'tabs')
  await expect.poll(() => faces(ben)).toBe(3)
  const identity = await ada.page.evaluate(() => sessionStorage.getItem('roomful:identity') ?? '')
  await twin.page.evaluate((stored) => sessionStorage.setItem('roomful:identity', stored), identity)
  await twin.page.reload()
  await twin.settled()
  await expect.poll(() => faces(ben)).toBe(2)
  await expect.poll(() => faces(ada)).toBe(2)

  // every count from here on is noted: one in between would be the noise
  await ben.page.evaluate(() => {
    const counts = new Set<number>()
    Object.assign(globalThis, { counts })
    const look = (): void => {
      counts.add(document.querySelectorAll('.stack [data-user-id]').length)
    }
    const stack = document.querySelector('.stack')
    if (stack !== null) new MutationObserver(look).observe(stack, { childList: true, subtree: true })
    look()
  })
  await twin.page.reload()
  await twin.settled()
  await ada.page.reload()
  await ada.settled()
  await expect.poll(() => faces(ada)).toBe(2)
  expect(await ben.page.evaluate(() => [...(Reflect.get(globalThis, 'counts') as Set<number>)])).toEqual([2])
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
  // at once, and not when a silent person would be
  await waitFor('one face to be left', async () => (await faces(ben)) === 1, 15_000)
})

test('[U19] a new name and colour are everywhere at once', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'rename')
  const ben = await suite.enter(server.url, 'rename')
  await ada.board.hover({ position: { x: 300, y: 300 } })
  const userId = await ada.userId()
  await ben.cursorOf(userId).waitFor()
  await ada.page.getByRole('button', { name: /^You, / }).click()
  await ada.page.getByLabel('Your name').fill('Grace')
  await expect
    .poll(() => ben.cursorOf(userId).locator('.cursor-label').textContent(), { interval: 20 })
    .toBe('Grace')
  await ada.page.keyboard.press('Escape')
  await ada.setProfile({ color: 'Orange' })
  const label = ben.cursorOf(userId).locator('.cursor-label')
  await expect
    .poll(async () =>
      parseColor(await label.evaluate((element) => getComputedStyle(element).backgroundColor)),
    )
    .toEqual(parseColor('#c45000'))
  await expect.poll(() => titles(ben)).toContain('Grace')

  // a colour of one's own comes out as dark as white text on it needs
  await ada.page.getByRole('button', { name: /^You, / }).click()
  await ada.page.getByLabel('Another colour').evaluate((field) => {
    if (!(field instanceof HTMLInputElement)) throw new Error('the colour field is no input')
    field.value = '#ffee00'
    field.dispatchEvent(new Event('change', { bubbles: true }))
  })
  await expect
    .poll(async () =>
      contrast('#ffffff', await label.evaluate((element) => getComputedStyle(element).backgroundColor)),
    )
    .toBeGreaterThan(4.5)
  const own = await label.evaluate((element) => getComputedStyle(element).backgroundColor)
  expect(own).not.toBe('rgb(196, 80, 0)')
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

/** Somebody on a device that has never been here. */
async function visitFirst(url: string, options: Parameters<typeof openVisitor>[2] = {}): Promise<RoomPage> {
  const visitor: Visitor = await openVisitor(suite.browser, url, options)
  suite.after(() => visitor.close())
  return new RoomPage(visitor.page, visitor.errors, () => visitor.close())
}

const welcome = (person: RoomPage) => person.page.getByRole('dialog', { name: 'Welcome' })

test('[U1] [U19] who is new takes a colour that nobody in the room has', async () => {
  const server = await suite.serve()
  const colors: (string | undefined)[] = []
  for (const _ of ['ada', 'ben', 'cleo']) {
    const context = await suite.browser.newContext()
    await knowDevice(context)
    suite.after(() => context.close())
    const page = await context.newPage()
    // left to chance, all three would have the same
    await page.addInitScript(() => {
      Math.random = () => 0.3
    })
    await page.goto(`${server.url}/rooms/colours`)
    const person = new RoomPage(page, [], () => context.close())
    await person.settled()
    const color = (): Promise<string | undefined> =>
      page.evaluate(() =>
        document.querySelector<HTMLElement>('.stack .me')?.style.getPropertyValue('--person'),
      )
    await expect.poll(async () => colors.includes(await color())).toBe(false)
    colors.push(await color())
  }
  expect(new Set(colors).size).toBe(3)
})

test('[U1] [U56] a first visit needs no form: the board works at once, the greeting comes with the name selected and goes by itself', async () => {
  const server = await suite.serve()
  const ada = await visitFirst(server.url)
  await ada.board.waitFor()
  await ada.page.locator('.me').waitFor()
  expect(new URL(ada.page.url()).pathname).toBe('/rooms/lobby')
  const suggested = await ada.userName()
  expect(suggested).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)

  await welcome(ada).waitFor()
  const field = welcome(ada).getByLabel('Your name')
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await field.inputValue()).toBe(suggested)
  const selected = await field.evaluate((element) =>
    element instanceof HTMLInputElement ? [element.selectionStart, element.selectionEnd] : [],
  )
  expect(selected).toEqual([0, suggested.length])
  expect(await welcome(ada).getByRole('radio').count()).toBe(12)
  // typing takes it
  await ada.page.keyboard.type('Ada')
  await ada.page.keyboard.press('Enter')
  await welcome(ada).waitFor({ state: 'hidden' })
  expect(await ada.userName()).toBe('Ada')
  // the focus is nobody's: keys are the board's
  await ada.page.keyboard.press('n')
  await ada.page.keyboard.type('first card')
  await ada.page.keyboard.press('Escape')
  await expect.poll(() => ada.cards.count()).toBe(1)
  await ada.page.reload()
  await ada.settled()
  await ada.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  expect(await welcome(ada).count()).toBe(0)
  expect(await ada.userName()).toBe('Ada')
})

test('[U56] ignoring the greeting keeps the name; who is at work already is not disturbed', async () => {
  const server = await suite.serve()
  const ben = await visitFirst(`${server.url}/rooms/quiet`)
  await welcome(ben).waitFor()
  const name = await ben.userName()
  const card = await ben.createCard('the first press reaches the board', { x: 300, y: 300 })
  await ben.card(card).waitFor()
  expect(await welcome(ben).count()).toBe(0)
  expect(await ben.userName()).toBe(name)

  const phone = await visitFirst(`${server.url}/rooms/quiet`, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  await welcome(phone).waitFor()
  // no keyboard comes up over the board
  expect(await phone.page.evaluate(() => document.activeElement === document.body)).toBe(true)
  await phone.page.touchscreen.tap(195, 460)
  await welcome(phone).waitFor({ state: 'hidden' })

  // the page settles late: by then this person has begun
  const busy = await openVisitor(suite.browser, 'about:blank')
  suite.after(() => busy.close())
  await busy.page.addInitScript(() => {
    const waiting: (() => void)[] = []
    Object.assign(globalThis, { waiting, requestIdleCallback: (run: () => void) => waiting.push(run) })
  })
  await busy.page.goto(`${server.url}/rooms/quiet`)
  const worker = new RoomPage(busy.page, busy.errors, () => busy.close())
  await worker.settled()
  await worker.board.click({ position: { x: 500, y: 400 } })
  await worker.page.evaluate(() => {
    for (const run of Reflect.get(globalThis, 'waiting') as (() => void)[]) run()
  })
  await worker.page.reload()
  await worker.settled()
  await worker.page.evaluate(() => {
    for (const run of Reflect.get(globalThis, 'waiting') as (() => void)[]) run()
  })
  await worker.page.getByRole('button', { name: 'Say something at your cursor' }).waitFor()
  expect(await welcome(worker).count()).toBe(0)
})
