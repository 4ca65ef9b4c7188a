import AxeBuilder from '@axe-core/playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { type ServerProcess, startServerProcess } from '../../support/test-server.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

const enter = (room: string, options?: Parameters<typeof suite.enter>[2]): Promise<RoomPage> =>
  suite.enter(server.url, room, options)
const path = (person: RoomPage): string => new URL(person.page.url()).pathname
const field = (person: RoomPage) => person.page.getByLabel('Open or create a room')
const dialog = (person: RoomPage) => person.page.getByRole('dialog', { name: 'Invite people' })
const openSwitcher = async (person: RoomPage): Promise<void> => {
  await person.page.locator('.room-button').click()
  await field(person).waitFor()
}
/** The rooms listed under a heading of the switcher, as slugs. */
const listed = (person: RoomPage, list: 'Recent rooms' | 'Suggested rooms'): Promise<(string | null)[]> =>
  person.page
    .getByRole('navigation', { name: list })
    .locator('[data-room]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-room')))

test('[U37] a link opens its room, an unknown one is created, Back and Forward switch rooms', async () => {
  const ada = await enter('first-room')
  expect(await ada.page.title()).toBe('First room · Roomful')
  await ada.createCard('only in the first room', { x: 400, y: 250 })
  await ada.settled()
  await ada.page.getByRole('button', { name: 'First room' }).click()
  await field(ada).fill('Second Room!')
  await ada.page.getByRole('button', { name: 'Go', exact: true }).click()
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

test('[U37] [U61] another spelling leads to the one address of a room, unknown paths and the start page to the lobby', async () => {
  const ada = await enter('design-review')
  await ada.page.goto(`${server.url}/rooms/Design%20Review`)
  await expect.poll(() => path(ada)).toBe('/rooms/design-review')
  for (const address of ['/', '/no/such/page', '/rooms']) {
    await ada.page.goto(`${server.url}${address}`)
    await expect.poll(() => path(ada)).toBe('/rooms/lobby')
  }
})

test('[U54] [U61] the switcher counts people, says what a name becomes, and remembers rooms until they are taken off', async () => {
  await enter('launch-plan')
  await enter('launch-plan')
  const ada = await enter('yesterday')
  await openSwitcher(ada)
  expect(await listed(ada, 'Recent rooms')).toEqual(['yesterday'])
  expect(await listed(ada, 'Suggested rooms')).toEqual(['lobby', 'design-review', 'launch-plan'])
  const count = (room: string): Promise<string | null> =>
    ada.page.locator(`[data-room="${room}"] [data-online]`).getAttribute('data-online')
  await expect.poll(() => count('launch-plan')).toBe('2')
  await expect.poll(() => count('yesterday')).toBe('1')
  expect(await ada.page.locator('[data-room="lobby"] [data-online]').count()).toBe(0)

  await field(ada).fill('  Crème brûlée & friends ')
  await ada.page.getByText('/rooms/creme-brulee-friends', { exact: true }).waitFor()
  await field(ada).fill('!!!')
  await field(ada).press('Enter')
  await ada.page.getByRole('alert').getByText('at least one letter').waitFor()
  await field(ada).fill('Crème brûlée & friends')
  await field(ada).press('Enter')
  await expect.poll(() => path(ada)).toBe('/rooms/creme-brulee-friends')
  await ada.settled()

  // remembered, latest first; by arrows from the field to the second one
  await openSwitcher(ada)
  expect(await listed(ada, 'Recent rooms')).toEqual(['creme-brulee-friends', 'yesterday'])
  for (const key of ['ArrowDown', 'ArrowDown']) await ada.page.keyboard.press(key)
  await expect.poll(() => ada.page.evaluate('document.activeElement.dataset.room')).toBe('yesterday')
  await ada.page.keyboard.press('Delete')
  await expect.poll(() => listed(ada, 'Recent rooms')).toEqual(['creme-brulee-friends'])
  for (const key of ['End', 'ArrowUp', 'ArrowUp', 'Enter']) await ada.page.keyboard.press(key)
  await expect.poll(() => path(ada)).toBe('/rooms/lobby')
  await ada.settled()
  await ada.page.reload()
  await ada.settled()
  await openSwitcher(ada)
  expect(await listed(ada, 'Recent rooms')).toEqual(['lobby', 'creme-brulee-friends'])
  await ada.page.getByRole('button', { name: 'Remove Creme brulee friends from the list' }).click()
  await expect.poll(() => listed(ada, 'Recent rooms')).toEqual(['lobby'])
})

test('[U38] sharing copies the link and says so, shows it as a QR code, and offers the phone’s own way', async () => {
  const ada = await enter('invite', { permissions: ['clipboard-read', 'clipboard-write'] })
  await ada.page.getByRole('button', { name: 'Share this room' }).click()
  await ada.page.getByRole('heading', { name: 'Invite to Invite' }).waitFor()
  await dialog(ada).getByRole('button', { name: 'Copy link' }).click()
  await ada.page.getByText('Link copied').waitFor()
  const link = `${server.url}/rooms/invite`
  expect(await ada.page.evaluate('navigator.clipboard.readText()')).toBe(link)
  const code = ada.page.getByRole('img', { name: 'QR code of the link' })
  const box = await code.boundingBox()
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThan(140)
  // three corners of a code, each behind a quiet zone of four modules
  const svg = await code.evaluate((node) => node.outerHTML)
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1])
  for (const corner of [`M4 4h`, `M${size - 5} 4h`, `M4 ${size - 5}h`]) expect(svg).toContain(corner)
  expect(await ada.page.getByRole('button', { name: /Share with an app/ }).count()).toBe(0)

  await ada.page.addInitScript(() => {
    const shared: unknown[] = []
    Object.assign(globalThis, { shared })
    Object.defineProperty(navigator, 'share', {
      value: (what: unknown) => {
        shared.push(what)
        return Promise.resolve()
      },
    })
  })
  await ada.page.reload()
  await ada.settled()
  await ada.page.getByRole('button', { name: 'Share this room' }).click()
  await ada.page.getByRole('button', { name: /Share with an app/ }).click()
  expect(await ada.page.evaluate('shared')).toEqual([{ title: 'Invite · Roomful', url: link }])
})

test('[U38] where the browser refuses to copy, the link is selected to be copied by hand', async () => {
  const ada = await enter('by-hand')
  await ada.page.evaluate(() => {
    const refused = (): Promise<never> => Promise.reject(new DOMException('refused', 'NotAllowedError'))
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: refused } })
    document.execCommand = () => false
  })
  await ada.page.getByRole('button', { name: 'Share this room' }).click()
  await dialog(ada).getByRole('button', { name: 'Copy link' }).click()
  await ada.page.getByText('press Ctrl+C').waitFor()
  expect(await ada.page.evaluate('String(getSelection())')).toBe(`${server.url}/rooms/by-hand`)
  expect(await ada.page.getByText('Link copied').count()).toBe(0)
})

test('[U46] on 390 and 320 pixels nothing of the top bar overlaps or is cut, however long the room’s name is', async () => {
  const room = 'a-name-that-goes-on-and-on-until-no-top-bar-in-the-world-holds-it'.slice(0, 64)
  await enter(room)
  for (const width of [390, 320]) {
    const ada = await enter(room, { viewport: { width, height: 700 } })
    const boxes = await ada.page.locator('.top-bar').evaluate((bar) =>
      [...bar.querySelectorAll('.room-button, .status, .stack, .share')].map((part) => {
        const { left, right } = part.getBoundingClientRect()
        return { name: part.className, left: Math.round(left), right: Math.round(right) }
      }),
    )
    expect(boxes.length).toBe(4)
    boxes.forEach((box, i) => {
      expect(box.right).toBeLessThanOrEqual(boxes[i + 1]?.left ?? width)
      expect(box.right - box.left).toBeGreaterThanOrEqual(32)
    })
    expect(await ada.page.locator('.room-button').getAttribute('title')).toMatch(
      /^A name that goes on and on/,
    )
    expect(await ada.page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    await ada.close()
  }
})

test.each(['light', 'dark'] as const)(
  '[U43] axe finds nothing serious in switcher and invitation, %s',
  async (scheme) => {
    const ada = await enter('axe-shell', { colorScheme: scheme })
    const serious = async (within: string): Promise<string[]> => {
      const { violations } = await new AxeBuilder({ page: ada.page }).include(within).analyze()
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
    }
    await openSwitcher(ada)
    await ada.page.getByRole('button', { name: 'Forget this device…' }).click()
    expect(await serious('.top-bar')).toEqual([])
    await ada.page.keyboard.press('Escape')
    await ada.page.getByRole('button', { name: 'Share this room' }).click()
    await dialog(ada).getByRole('button', { name: 'Copy link' }).waitFor()
    expect(await serious('.top-bar')).toEqual([])
  },
)
