import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { takeScreenshot } from '../../support/chromium.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { startServerProcess, type ServerProcess } from '../../support/test-server.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

const list = (person: RoomPage): Locator => person.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
const palette = (person: RoomPage): Locator => person.page.getByRole('dialog', { name: 'Commands' })
/** A dialog that has just been closed is there for a moment, unseen, and may still have the focus. */
const closed = ({ page }: RoomPage): Promise<void> =>
  expect.poll(() => page.locator('dialog').count()).toBe(0)
const theme = (person: RoomPage): Promise<string | undefined> =>
  person.page.evaluate(() => document.documentElement.dataset['theme'])
const focused = (person: RoomPage): Promise<string> =>
  person.page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName ?? '',
  )

test('[U40] ? lists every shortcut, the button does too, and Esc gives the focus back', async () => {
  const ada = await suite.enter(server.url, 'list', { viewport: { width: 1440, height: 860 } })
  const button = ada.page.getByRole('button', { name: 'Keyboard shortcuts' })
  await button.click()
  await list(ada).waitFor()
  expect(await list(ada).getByRole('heading', { level: 3 }).allTextContents()).toEqual([
    'Page',
    'Board',
    'View',
    'Chat',
    'Cards',
    'By hand',
  ])
  await expect.poll(() => list(ada).textContent()).toContain('Bring to front')
  await takeScreenshot(ada.page, 'keys-list')
  await ada.page.keyboard.press('Escape')
  await closed(ada)
  expect(await focused(ada)).toBe('Keyboard shortcuts')
  await ada.page.keyboard.press('?')
  await list(ada).waitFor()
  // the page behind is out of reach: Tab goes round inside, by way of the browser's own controls
  for (let press = 0; press < 8; press += 1) {
    await ada.page.keyboard.press('Tab')
    const outside = await ada.page.evaluate(
      () => document.activeElement !== document.body && document.activeElement?.closest('dialog') === null,
    )
    expect(outside).toBe(false)
  }
  await ada.page.mouse.click(20, 400)
  await closed(ada)
})

test('[U40] C opens the chat to write, T turns the theme, N makes a card; none fires in a text field', async () => {
  const ada = await suite.enter(server.url, 'single', { colorScheme: 'light' })
  await ada.page.keyboard.press('t')
  await expect.poll(() => theme(ada)).toBe('dark')
  await ada.page.getByText('Dark theme').waitFor()
  await ada.page.getByRole('button', { name: 'Hide the side panel' }).click()
  await ada.page.keyboard.press('c')
  await expect.poll(() => focused(ada)).toBe('Message')
  await ada.page.keyboard.type('ctn?/')
  expect(await ada.message.inputValue()).toBe('ctn?/')
  await ada.page.keyboard.press('ControlOrMeta+k')
  expect(await theme(ada)).toBe('dark')
  expect(await palette(ada).count()).toBe(0)
  expect(await list(ada).count()).toBe(0)
  expect(await ada.cards.count()).toBe(0)
  // a card's text is a field too
  await ada.board.focus()
  await ada.page.keyboard.press('n')
  await ada.page.locator('[data-editing] textarea').waitFor()
  await ada.page.keyboard.type('nct?')
  await expect.poll(() => ada.page.locator('[data-editing] textarea').inputValue()).toBe('nct?')
  expect(await ada.cards.count()).toBe(1)
  expect(await list(ada).count()).toBe(0)
})

test('[U40] single keys can be turned off, which is remembered; Ctrl+K and Ctrl+/ go on', async () => {
  const ada = await suite.enter(server.url, 'off', { colorScheme: 'light' })
  await ada.page.keyboard.press('?')
  const toggle = list(ada).getByRole('switch', { name: 'Single-key shortcuts' })
  await toggle.click()
  await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('false')
  await ada.page.keyboard.press('Escape')
  await closed(ada)
  await ada.page.reload()
  await ada.settled()
  for (const key of ['t', 'c', 'n', '?', '/', 'h']) await ada.page.keyboard.press(key)
  await ada.page.keyboard.press('Control+/')
  await list(ada).waitFor()
  expect(await theme(ada)).toBe('light')
  expect(await ada.cards.count()).toBe(0)
  expect(await ada.page.locator('#board').getAttribute('data-tool')).toBe('select')
  expect(await ada.page.locator('.cursor-bubble').count()).toBe(0)
  expect(await toggle.getAttribute('aria-checked')).toBe('false')
  await toggle.press('Space')
  await ada.page.keyboard.press('Escape')
  await closed(ada)
  await ada.page.keyboard.press('t')
  await expect.poll(() => theme(ada)).toBe('dark')
})

test('[U40] Ctrl+K finds commands, people and rooms', async () => {
  const ada = await suite.enter(server.url, 'palette', { colorScheme: 'light' })
  const ben = await suite.enter(server.url, 'palette')
  await ben.setProfile({ name: 'Quiet Fox' })
  await ada.page.locator('.stack li[data-user-id], .stack [title="Quiet Fox"]').first().waitFor()
  const run = async (words: string): Promise<void> => {
    await ada.page.keyboard.press('ControlOrMeta+k')
    await palette(ada).getByRole('combobox').fill(words)
    await ada.page.keyboard.press('Enter')
    await closed(ada)
  }
  await run('dark')
  await expect.poll(() => theme(ada)).toBe('dark')
  await run('hide the side panel')
  await ada.page.locator('.room-main[data-panel="closed"]').waitFor()
  await run('follow quiet')
  await ada.page.getByText('Following Quiet Fox').first().waitFor()
  await ada.page.keyboard.press('ControlOrMeta+k')
  await palette(ada).waitFor()
  await takeScreenshot(ada.page, 'keys-palette')
  // where nothing is called so, it is a room's name
  await palette(ada).getByRole('combobox').fill('Quarterly Numbers')
  await palette(ada).getByText('Go to the room “quarterly-numbers”').waitFor()
  await ada.page.keyboard.press('Enter')
  await ada.page.waitForURL('**/rooms/quarterly-numbers')
  await ada.settled()
  // and the one left is among the rooms now
  await run('go to palette')
  await ada.page.waitForURL('**/rooms/palette')
  await ada.settled()
  await ada.board.focus()
  await run('new card')
  await expect.poll(() => ada.cards.count()).toBe(1)
  await ada.page.locator('[data-editing] textarea:focus').waitFor()
})
