import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { FaultProxy } from '../../support/fault-proxy.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { seedChat, WRITER } from '../../support/seed-chat.ts'
import { type ServerProcess, startServerProcess } from '../../support/test-server.ts'
import { waitFor } from '../../support/wait.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

const texts = (person: RoomPage): Promise<string[]> => person.messages.locator('p').allTextContents()
const typingLine = async (person: RoomPage): Promise<string> =>
  (await person.page.locator('.typing').textContent())?.trim() ?? ''
const enter = (room: string, options?: Parameters<typeof suite.enter>[2]): Promise<RoomPage> =>
  suite.enter(server.url, room, options)

async function say(person: RoomPage, text: string): Promise<void> {
  await person.message.fill(text)
  await person.message.press('Enter')
}

/** Where the list stands: pixels from the top of the text to the top of the view. */
const scrolled = (person: RoomPage): Promise<number> =>
  person.page.locator('.log').evaluate((log) => log.scrollTop)

/** Whether the end of the conversation is in sight. */
const isAtEnd = (person: RoomPage): Promise<boolean> =>
  person.page.locator('.log').evaluate((log) => log.scrollTop + log.clientHeight >= log.scrollHeight - 4)

/** Makes the page think that its tab is in the background, as Chromium cannot be told. */
async function setHidden(person: RoomPage, hidden: boolean): Promise<void> {
  await person.page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value })
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (value ? 'hidden' : 'visible'),
    })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
}

test('[U2] alone the chat says what to do; with somebody there, that is gone', async () => {
  const ada = await enter('empty')
  const invite = ada.page.locator('.chat-empty').getByRole('button', { name: 'Copy link' })
  await invite.waitFor()
  const ben = await enter('empty')
  await expect.poll(() => invite.count()).toBe(0)
  await say(ben, 'hello')
  await expect.poll(() => ada.page.locator('.chat-empty').count()).toBe(0)
})

test('[U20] Enter sends, Shift+Enter breaks the line, an input method’s Enter does neither, drafts are kept', async () => {
  const ada = await enter('write')
  const ben = await enter('write')
  await ada.message.pressSequentially('first line')
  const low = (await ada.message.boundingBox())?.height ?? 0
  await ada.message.press('Shift+Enter')
  await ada.message.pressSequentially('second line')
  expect((await ada.message.boundingBox())?.height ?? 0).toBeGreaterThan(low)
  expect(await texts(ada)).toEqual([])
  await ada.message.press('Enter')
  await expect.poll(() => texts(ben)).toEqual(['first line\nsecond line'])
  expect(await ada.message.inputValue()).toBe('')

  await ada.message.fill('にほん')
  await ada.message.dispatchEvent('compositionstart')
  await ada.message.press('Enter')
  expect(await ada.messages.count()).toBe(1)
  await ada.message.dispatchEvent('compositionend')
  await ada.page.getByRole('tab', { name: /^People/ }).click()
  await ada.page.getByRole('tab', { name: /^Chat/ }).click()
  expect((await ada.message.inputValue()).trim()).toBe('にほん')
  await ada.message.press('Enter')
  await expect.poll(async () => (await texts(ben)).at(-1)).toBe('にほん')
})

test('[U20] 2,000 characters are sent whole, one more is not sent and not lost; it is said how many there are left', async () => {
  const ada = await enter('long')
  const left = ada.page.locator('.compose .left')
  await ada.message.fill('x'.repeat(1_700))
  expect(await left.count()).toBe(0)
  await ada.message.fill('x'.repeat(1_990))
  await expect.poll(() => left.textContent()).toBe('10')
  await ada.message.fill('x'.repeat(2_001))
  await expect.poll(() => left.textContent()).toBe('1 character too many')
  await ada.message.press('Enter')
  expect(await ada.messages.count()).toBe(0)
  expect((await ada.message.inputValue()).length).toBe(2_001)
  await ada.message.press('Backspace')
  await ada.message.press('Enter')
  await expect.poll(async () => (await texts(ada)).map((text) => text.length)).toEqual([2_000])
})

test('[U20] own messages are edited with the arrow key or the menu, and deleted with a way back; others see it', async () => {
  const ada = await enter('edit')
  const ben = await enter('edit')
  await say(ada, 'helo')
  await say(ben, 'hm?')
  await expect.poll(() => texts(ada)).toEqual(['helo', 'hm?'])
  const editor = ada.page.getByRole('textbox', { name: 'Edit message' })

  // arrow up takes the last own one, not the last one; Esc leaves it, and the keyboard is back
  await ada.message.press('ArrowUp')
  await editor.press('!')
  await editor.press('Escape')
  expect(await ada.message.evaluate((field) => field === document.activeElement)).toBe(true)
  await ada.message.press('ArrowUp')
  await editor.fill('hello')
  await editor.press('Enter')
  await expect.poll(() => texts(ben)).toEqual(['hello (edited)', 'hm?'])
  expect(await ben.messages.first().locator('time.edited').getAttribute('title')).toMatch(/^Edited .*\d{4}/)

  // by keyboard alone: from the composer back to the last row, up to the own one, Tab to what can be done
  await ada.message.press('Shift+Tab')
  await ada.page.keyboard.press('ArrowUp')
  expect(await ada.messages.first().evaluate((row) => row === document.activeElement)).toBe(true)
  await ada.page.keyboard.press('Tab')
  expect(await ada.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Edit')
  await ada.page.keyboard.press('Tab')
  await ada.page.keyboard.press('Enter')
  await expect.poll(() => texts(ben)).toEqual(['hm?'])
  await ada.page.locator('[data-sonner-toast]').getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => texts(ben)).toEqual(['hello (edited)', 'hm?'])

  // others' messages offer neither
  await ada.messages.last().hover()
  const menu = ada.messages.last().getByRole('group', { name: 'Message actions' })
  expect(await menu.getByRole('button').allInnerTexts()).toHaveLength(1)
  await menu.getByRole('button', { name: 'Copy link to message' }).waitFor()
})

test('[U20] [U46] on a phone a tap on a message shows what can be done with it, with targets for a finger', async () => {
  const ada = await enter('touch', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await say(ada, 'tap me')
  await ada.messages.first().tap()
  const edit = ada.page.getByRole('button', { name: 'Edit', exact: true })
  const box = await edit.boundingBox()
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44)
  await edit.tap()
  await ada.page.getByRole('textbox', { name: 'Edit message' }).fill('tapped')
  await ada.page.getByRole('button', { name: 'Save', exact: true }).tap()
  await expect.poll(() => texts(ada)).toEqual(['tapped (edited)'])
  // half the window is left while the on-screen keyboard is up: the field stays in it
  await ada.page.setViewportSize({ width: 390, height: 420 })
  await ada.message.tap()
  await expect
    .poll(async () => {
      const field = await ada.message.boundingBox()
      return field !== null && field.y >= 0 && field.y + field.height <= 420
    })
    .toBe(true)
})

test('[U20] an own message is there at once, while the server says nothing', async () => {
  const proxy = await FaultProxy.start(server.port)
  suite.after(() => proxy.close())
  const ada = await suite.enter(`http://127.0.0.1:${proxy.port}`, 'optimistic')
  proxy.stall('toServer', true)
  proxy.stall('toClient', true)
  await ada.message.fill('can you hear me?')
  await ada.message.press('Enter')
  await expect.poll(() => texts(ada)).toEqual(['can you hear me?'])
  expect(await ada.status.getAttribute('data-pending')).not.toBe('0')
  proxy.heal()
  await ada.settled()
})

test('[U22] typing shows one name, two names, then "Several people", and ends with the message', async () => {
  const [reader, ada, ben, cleo] = [
    await enter('typing'),
    await enter('typing'),
    await enter('typing'),
    await enter('typing'),
  ]
  const [a, b] = [await ada.userName(), await ben.userName()]
  // writing on until the line is right: on a slow machine one of them may have "stopped" meanwhile
  const typeUntil = (people: readonly RoomPage[], line: RegExp): Promise<void> =>
    waitFor(`the line to be ${line.source}`, async () => {
      await Promise.all(people.map((person) => person.message.pressSequentially('x')))
      return line.test(await typingLine(reader))
    })
  await typeUntil([ada], new RegExp(`^${a} is typing$`))
  await typeUntil([ada, ben], new RegExp(`^(${a} and ${b}|${b} and ${a}) are typing$`))
  await typeUntil([ada, ben, cleo], /^Several people are typing$/)
  await Promise.all([ada, ben, cleo].map((person) => person.message.press('Enter')))
  await expect.poll(() => typingLine(reader)).toBe('')
  await expect.poll(() => reader.messages.count()).toBe(3)
})

test('[U22] typing is taken back when the writer stops', async () => {
  const ada = await enter('stops')
  const ben = await enter('stops')
  await ada.setProfile({ name: 'Ada' })
  await ada.message.pressSequentially('hm')
  await expect.poll(() => typingLine(ben)).toBe('Ada is typing')
  await waitFor('the line to be empty again', async () => (await typingLine(ben)) === '')
  expect(await ada.message.inputValue()).toBe('hm')
})

test('[U23] links are clickable and harmless', async () => {
  const ada = await enter('links')
  await ada.message.fill('see https://example.com/a?b=1 and javascript:alert(1) <b>bold</b>')
  await ada.message.press('Enter')
  const links = ada.messages.first().locator('a')
  await links.first().waitFor()
  expect(await links.count()).toBe(1)
  expect(await links.first().getAttribute('href')).toBe('https://example.com/a?b=1')
  expect(await links.first().getAttribute('rel')).toContain('noopener')
  expect(await links.first().getAttribute('rel')).toContain('nofollow')
  expect(await ada.messages.first().locator('b').allTextContents()).not.toContain('bold')
})

test('[U21] who is at the end stays there; who reads further up is not moved, and told how many came', async () => {
  await seedChat(
    server.wsUrl,
    'place',
    Array.from({ length: 120 }, (_, index) => `line ${index}`),
  )
  const ada = await enter('place')
  const ben = await enter('place')
  await expect.poll(() => isAtEnd(ben)).toBe(true)
  await say(ada, 'at the end')
  await expect.poll(async () => (await texts(ben)).at(-1)).toBe('at the end')
  await expect.poll(() => isAtEnd(ben)).toBe(true)

  // a list that is still on its way to a new end takes the first push back
  await waitFor('Ben to be further up', async () => {
    if (!(await isAtEnd(ben))) return true
    await ben.page.locator('.log').evaluate((log) => log.scrollBy(0, -900))
    return false
  })
  await ben.page.waitForFunction(() => document.querySelectorAll('[data-message-id]').length > 5)
  const before = await scrolled(ben)
  await say(ada, 'one')
  await say(ada, 'two')
  const pill = ben.page.getByRole('button', { name: '2 new messages' })
  await pill.waitFor()
  expect(await scrolled(ben)).toBe(before)

  // what an offline friend wrote hours ago lands above: what is read stays under the eye
  const id = await ben.page.locator('.log').evaluate((log) => {
    const { top } = log.getBoundingClientRect()
    const rows = [...log.querySelectorAll<HTMLElement>('[data-message-id]')]
    return rows.find((row) => row.getBoundingClientRect().top > top + 100)?.dataset['messageId']
  })
  const row = ben.page.locator(`[data-message-id="${id}"]`)
  const y = (await row.boundingBox())?.y ?? 0
  const early = Array.from({ length: 20 }, (_, index) => ({
    id: `early-${index}`,
    sentAt: Date.now() - 7_200_000 + index,
  }))
  await seedChat(server.wsUrl, 'place', early)
  await ben.page.getByRole('button', { name: '22 new messages' }).waitFor()
  await expect.poll(async () => Math.abs(((await row.boundingBox())?.y ?? -1e6) - y)).toBeLessThan(3)

  await ben.page.getByRole('button', { name: '22 new messages' }).click()
  await expect.poll(() => isAtEnd(ben)).toBe(true)
  expect((await texts(ben)).at(-1)).toBe('two')
  await expect.poll(() => ben.page.locator('.new-pill').count()).toBe(0)
})

test('[U23] runs of one author have one name, days are set apart, the full date shows on hover and on focus', async () => {
  const today = new Date()
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1, 23, 50).getTime()
  await seedChat(server.wsUrl, 'days', [
    { text: 'late', sentAt: yesterday },
    { text: 'later', sentAt: yesterday + 1_000 },
    { text: 'the next day', sentAt: yesterday + 3_600_000 / 2 },
  ])
  const ada = await enter('days', { locale: 'en-GB' })
  await expect.poll(() => ada.page.locator('.day').allTextContents()).toEqual(['Yesterday', 'Today'])
  expect(await ada.messages.locator('header b').allTextContents()).toEqual([WRITER.name, WRITER.name])
  const second = ada.messages.nth(1)
  const whole = new RegExp(`${new Date(yesterday).getFullYear()}.*23:50`)
  await second.hover()
  await expect.poll(() => second.locator('.row-actions time').textContent()).toMatch(whole)
  await ada.page.mouse.move(5, 5)
  await expect.poll(() => second.locator('.row-actions').count()).toBe(0)
  await second.focus()
  await expect.poll(() => second.locator('.row-actions time').textContent()).toMatch(whole)
})

test('[U24] what is unread is counted on the tab’s title and icon and on the chat’s tab, mentions too, until it is seen', async () => {
  const ada = await enter('unread')
  const ben = await enter('unread')
  await ben.setProfile({ name: 'Ben' })
  await say(ada, 'before')
  await expect.poll(() => texts(ben)).toEqual(['before'])
  const icon = (): Promise<string | null> => ben.page.locator('link[rel="icon"]').getAttribute('href')
  await setHidden(ben, true)
  await say(ada, 'one')
  await say(ada, 'two, @Ben')
  await expect.poll(() => ben.page.title()).toMatch(/^\(2\) /)
  await expect.poll(icon).toMatch(/^data:image\/svg/)
  expect(await ben.page.locator('.badge').getAttribute('title')).toBe('2 unread, 1 mentioning you')
  await setHidden(ben, false)
  await expect.poll(() => ben.page.title()).not.toMatch(/^\(/)
  await expect.poll(icon).toBe('/favicon.svg')
  // the line stands above the first of them, and goes with an answer
  const line = ben.page.locator('.unread-line')
  expect(await line.textContent()).toBe('New messages')
  const above = async (row: RoomPage['messages']): Promise<boolean> =>
    ((await line.boundingBox())?.y ?? 0) < ((await row.boundingBox())?.y ?? 0)
  expect(await above(ben.messages.first())).toBe(false)
  expect(await above(ben.messages.nth(1))).toBe(true)
  await say(ben, 'here')
  await expect.poll(() => line.count()).toBe(0)

  // another tab of the panel hides the chat as well; lines about people are no messages
  await ben.page.getByRole('tab', { name: /^People/ }).click()
  await say(ada, 'three')
  await expect.poll(() => ben.page.locator('[data-tab="chat"] .badge').textContent()).toBe('1')
  const cleo = await enter('unread')
  await expect.poll(() => ben.page.locator('.stack').getAttribute('aria-label')).toBe('3 people here')
  expect(await ben.page.locator('[data-tab="chat"] .badge').textContent()).toBe('1')
  await cleo.close()
  await ben.page.getByRole('tab', { name: /^Chat/ }).click()
  await expect.poll(() => ben.page.locator('.badge').count()).toBe(0)
})

test('[U58] who joins and who leaves has a line in the chat of those who were there, and nobody else’s', async () => {
  const ada = await enter('lines')
  const ben = await enter('lines')
  const name = await ben.userName()
  const lines = (person: RoomPage): Promise<string[]> =>
    person.page.locator('.activity-line').allTextContents()
  await expect.poll(() => lines(ada)).toEqual([`${name} joined`])
  await say(ada, 'welcome')
  await expect.poll(() => texts(ben)).toEqual(['welcome'])
  expect(await lines(ben)).toEqual([])
  // what follows the line says again whose it is
  expect(await ada.messages.locator('header').count()).toBe(1)
  await ben.close()
  await expect.poll(() => lines(ada)).toEqual([`${name} joined`, `${name} left`])
  expect(await ada.page.locator('.activity-line .avatar').count()).toBe(2)
})

test('mentions: @ offers the people here, arrows and Enter or Tab take one, Esc none; names stand out', async () => {
  const ada = await enter('mentions')
  const ben = await enter('mentions')
  const cleo = await enter('mentions')
  await ben.setProfile({ name: 'Ben' })
  await cleo.setProfile({ name: 'Cleo Stone' })
  const options = ada.page.getByRole('option')
  await ada.message.pressSequentially('hi @')
  await expect.poll(() => options.allTextContents()).toEqual(['Ben', 'Cleo Stone'])
  await ada.message.press('ArrowDown')
  const active = await ada.message.getAttribute('aria-activedescendant')
  expect(await options.nth(1).getAttribute('id')).toBe(active)
  await ada.message.press('Enter')
  expect(await ada.message.inputValue()).toBe('hi @Cleo Stone ')
  await ada.message.pressSequentially('and @be')
  await expect.poll(() => options.allTextContents()).toEqual(['Ben'])
  await ada.message.press('Tab')
  await ada.message.pressSequentially('or @c')
  await options.first().waitFor()
  await ada.message.press('Escape')
  expect(await options.count()).toBe(0)
  await ada.message.press('Enter')
  await expect.poll(() => texts(cleo)).toEqual(['hi @Cleo Stone and @Ben or @c'])
  expect(await cleo.messages.locator('mark').allTextContents()).toEqual(['@Cleo Stone', '@Ben'])
  expect(await cleo.messages.locator('mark[data-self]').allTextContents()).toEqual(['@Cleo Stone'])
})

test('[U49] a device an hour ahead neither reorders the chat nor shows wrong times', async () => {
  const ada = await enter('clock', { locale: 'en-GB' })
  const visitor = await suite.browser.newContext({ locale: 'en-GB' })
  suite.after(() => visitor.close())
  const page = await visitor.newPage()
  await page.clock.install({ time: Date.now() + 3_600_000 })
  await page.goto(`${server.url}/rooms/clock`)
  const field = page.getByRole('textbox', { name: 'Message' })
  const rows = page.locator('[data-message-id] p')
  const send = async (text: string): Promise<void> => {
    await field.fill(text)
    await field.press('Enter')
  }
  await page.locator('[data-connection="connected"]').waitFor()
  await say(ada, 'first')
  await expect.poll(() => rows.allTextContents()).toEqual(['first'])
  await send('second')
  await expect.poll(() => texts(ada)).toEqual(['first', 'second'])
  await say(ada, 'third')
  const all = ['first', 'second', 'third']
  await expect.poll(() => rows.allTextContents()).toEqual(all)
  expect(await texts(ada)).toEqual(all)
  const times = (where: RoomPage['page']): Promise<(string | null)[]> =>
    where
      .locator('[data-message-id] header time')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('datetime')))
  expect(await times(page)).toEqual(await times(ada.page))
  for (const time of await times(page))
    expect(Math.abs(Date.parse(time ?? '') - Date.now())).toBeLessThan(10 * 60_000)
  // they are still here, by their own clock too
  await expect.poll(() => ada.page.locator('.stack').getAttribute('aria-label')).toBe('2 people here')
})

test('[U47] [U19] long words, emoji, right-to-left text, bidi tricks and markup stay text inside their row', async () => {
  await seedChat(server.wsUrl, 'odd', [
    'x'.repeat(2_000),
    '👩‍👩‍👧‍👦'.repeat(150),
    'مرحبا بالعالم، هذا نص طويل من اليمين إلى اليسار',
    'safe \u202Etxt.exe',
    '<img src=x onerror="document.title=1"> & <b>bold</b>',
    { name: 'W'.repeat(28), text: 'long name' },
    { name: '<img onerror>\u202Egnp', text: 'odd name' },
  ])
  for (const options of [{}, { viewport: { width: 320, height: 640 }, isMobile: true }]) {
    const ada = await enter('odd', options)
    await expect.poll(async () => (await texts(ada)).at(-1)).toBe('odd name')
    const log = ada.page.locator('.log')
    const wide = await log.evaluate((node) => {
      const found = []
      for (let top = 0; top < node.scrollHeight; top += node.clientHeight) {
        node.scrollTop = top
        found.push(node.scrollWidth - node.clientWidth)
      }
      node.scrollTop = node.scrollHeight
      return Math.max(...found)
    })
    expect(wide).toBe(0)
    await expect.poll(() => ada.page.locator('[data-message-id="seed-4"] p').textContent()).toContain('<b>')
    expect(await ada.messages.locator('img, p b').count()).toBe(0)
    const name = ada.page.locator('[data-message-id="seed-6"] header bdi')
    expect(await name.textContent()).toBe('<img onerror>gnp')
    expect(await ada.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  }
})
