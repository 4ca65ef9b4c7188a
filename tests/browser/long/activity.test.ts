import AxeBuilder from '@axe-core/playwright'
import { presenceOf } from '@roomful/provider'
import { createUser, IDENTITY_COLORS } from '@roomful/shared'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { FaultProxy } from '../../support/fault-proxy.ts'
import { connectRoomful, type RoomfulClient } from '../../support/roomful-client.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { startServerProcess, type ServerProcess } from '../../support/test-server.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

/** A person without a browser. */
function visit(room: string, name: string): RoomfulClient {
  const client = connectRoomful(server.wsUrl, room)
  suite.after(() => client.destroy())
  const color = IDENTITY_COLORS[name.length % IDENTITY_COLORS.length] ?? ''
  presenceOf(client.provider).setUser(createUser(`id-${name}`, name, color))
  return client
}

const openActivity = (person: RoomPage): Promise<void> =>
  person.page.getByRole('tab', { name: 'Activity' }).click()
const rows = (person: RoomPage): Locator =>
  person.page.getByRole('list', { name: 'Activity, newest first' }).getByRole('listitem')
/** Who did what, newest first, without the times. */
const lines = (person: RoomPage): Promise<string[]> =>
  rows(person).locator('.activity-what').allTextContents()
const faces = (person: RoomPage, count: number): Promise<void> =>
  person.page.getByRole('tab', { name: `People ${count}` }).waitFor()

/** Who comes within a second of a page's sync counts as found there: people come until one is told of. */
async function visitUntilTold(person: RoomPage, room: string): Promise<readonly RoomfulClient[]> {
  const late: RoomfulClient[] = []
  await expect
    .poll(
      async () => {
        late.push(visit(room, `Late ${late.length + 1}`))
        return lines(person)
      },
      { interval: 700 },
    )
    .not.toEqual([])
  return late
}

test('[U57] [U2] who joins and leaves stands in the activity, with a face and how long ago; before that it says what to do', async () => {
  const ada = await suite.enter(server.url, 'log')
  await openActivity(ada)
  const panel = ada.page.getByRole('tabpanel', { name: 'Activity' })
  await panel.getByText('You are alone here. Send somebody the link').waitFor()
  await panel.getByRole('button', { name: 'Copy link' }).waitFor()

  await visitUntilTold(ada, 'log')
  expect(await panel.getByText('You are alone here').count()).toBe(0)
  const ben = visit('log', 'Ben')
  await expect.poll(async () => (await lines(ada))[0]).toBe('Ben joined')
  await rows(ada).first().locator('.avatar svg').waitFor()
  ben.destroy()
  await expect.poll(async () => (await lines(ada)).slice(0, 2)).toEqual(['Ben left', 'Ben joined'])

  const times = rows(ada).locator('time')
  expect(await times.first().textContent()).toMatch(/^just now/)
  // one stop for all times; its date in full shows under the focus, and arrows go on
  const stops = await times.evaluateAll((all) => all.map((time) => time.getAttribute('tabindex')))
  expect(stops.map((stop) => stop === '0')).toEqual(stops.map((_, index) => index === 0))
  const year = String(new Date().getFullYear())
  for (const index of [0, 1]) {
    await ada.page.keyboard.press(index === 0 ? 'Tab' : 'ArrowDown')
    const shown = times.nth(index)
    expect(await shown.evaluate((time) => time === document.activeElement)).toBe(true)
    expect(await shown.evaluate((time) => getComputedStyle(time, '::after').content)).toContain(year)
    expect(await shown.getAttribute('datetime')).toMatch(/^\d{4}-\d\d-\d\dT/)
  }
})

test('[U25] [U57] those who are here did not join, and neither a drop of a second nor a reload adds a line', async () => {
  const proxy = await FaultProxy.start(server.port)
  suite.after(() => proxy.close())
  const here = visit('quiet', 'Here')
  const ada = await suite.enter(`http://127.0.0.1:${proxy.port}`, 'quiet')
  await openActivity(ada)
  await faces(ada, 2)

  // Ada's own connection drops and is back
  const before = proxy.acceptedCount
  proxy.cut()
  await expect.poll(() => proxy.acceptedCount).toBeGreaterThan(before)
  await ada.settled()
  // somebody else reloads: another connection of the same person
  here.destroy()
  visit('quiet', 'Here')
  await faces(ada, 2)
  const late = await visitUntilTold(ada, 'quiet')
  // a leave is told three seconds late: these come after any that the above might have made
  for (const client of late) client.destroy()
  await expect
    .poll(async () => (await lines(ada)).filter((line) => line.endsWith(' left')))
    .toHaveLength(late.length)
  for (const line of await lines(ada)) expect(line).toMatch(/^Late \d+ (joined|left)$/)

  await ada.page.reload()
  await ada.settled()
  await faces(ada, 2)
  await ada.page.getByText('Nobody came or went yet').waitFor()
  await visitUntilTold(ada, 'quiet')
  for (const line of await lines(ada)) expect(line).toMatch(/^Late \d+ joined$/)
})

test('[U42] a screen reader hears of twenty people in four announcements at most, and of the connection; cursors are silent', async () => {
  const proxy = await FaultProxy.start(server.port)
  suite.after(() => proxy.close())
  const ada = await suite.enter(`http://127.0.0.1:${proxy.port}`, 'hall')
  const { page } = ada
  const region = page.locator('[data-announcements]')
  await region.waitFor({ state: 'attached' })
  expect(await region.getAttribute('role')).toBe('status')
  await page.getByRole('log', { name: 'Messages' }).waitFor()
  await openActivity(ada)
  const before = await visitUntilTold(ada, 'hall')
  await page.evaluate(() => {
    const said: string[] = []
    Object.assign(window, { said })
    for (const live of document.querySelectorAll('[role="status"], [role="alert"], [aria-live="polite"]')) {
      new MutationObserver(() => said.push(live.textContent ?? '')).observe(live, {
        childList: true,
        characterData: true,
        subtree: true,
      })
    }
  })
  const said = (): Promise<string[]> =>
    page.evaluate(() => {
      const value: unknown = Reflect.get(window, 'said')
      return Array.isArray(value) ? value.map(String) : []
    })

  const people = Array.from({ length: 20 }, (_, index) => visit('hall', `Guest ${index + 1}`))
  const [first] = people
  if (first !== undefined) presenceOf(first.provider).setPointer({ x: 0.5, y: 0.5 })
  await faces(ada, before.length + 21)
  await expect.poll(said).toContainEqual(expect.stringMatching(/joined$/))
  const cursor = page.locator('[data-cursor-user]').first()
  await cursor.waitFor({ state: 'attached' })
  expect(await cursor.evaluate((element) => element.closest('[aria-hidden="true"]') !== null)).toBe(true)
  expect((await said()).length).toBeLessThanOrEqual(4)

  await page.getByRole('tab', { name: /^People/ }).click()
  const list = page.getByRole('list', { name: 'People in this room' })
  await expect.poll(() => list.getByRole('listitem').count()).toBe(before.length + 21)
  const own = await list.getByRole('listitem').first().ariaSnapshot()
  expect(own).toContain(await ada.userName())
  expect(own).toContain('you')

  proxy.refuse(true)
  proxy.cut()
  await expect.poll(said).toContainEqual('Reconnecting. Your changes are kept and will sync')
  proxy.heal()
  await expect.poll(said).toContainEqual(expect.stringContaining('Connected again'))
})

test('[U41] the tabs by keyboard: arrows go round, Home and End to the ends, one stop of the Tab key', async () => {
  const ada = await suite.enter(server.url, 'tabs')
  const { page } = ada
  const selected = page.getByRole('tab', { selected: true })
  await page.getByRole('tab', { name: 'Chat' }).focus()
  for (const [key, name] of [
    ['ArrowRight', 'People'],
    ['ArrowRight', 'Activity'],
    ['End', 'Note'],
    ['ArrowRight', 'Chat'],
    ['ArrowLeft', 'Note'],
    ['Home', 'Chat'],
  ] as const) {
    await page.keyboard.press(key)
    expect(await selected.textContent()).toContain(name)
    expect(await selected.evaluate((tab) => tab === document.activeElement)).toBe(true)
    await page.getByRole('tabpanel', { name: new RegExp(`^${name}`) }).waitFor()
  }
  expect(await page.locator('[role="tab"][tabindex="0"]').count()).toBe(1)
})

test('[U43] axe finds nothing serious in the activity, empty and filled, light and dark', async () => {
  const ada = await suite.enter(server.url, 'axe', { colorScheme: 'light' })
  const serious = async (): Promise<unknown[]> =>
    (await new AxeBuilder({ page: ada.page }).include('.panel').analyze()).violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    )
  await openActivity(ada)
  await ada.page.getByText('You are alone here').waitFor()
  expect(await serious()).toEqual([])
  await ada.page.emulateMedia({ colorScheme: 'dark' })
  await visitUntilTold(ada, 'axe')
  await ada.page.locator('html[data-theme="dark"]').waitFor()
  expect(await serious()).toEqual([])
})
