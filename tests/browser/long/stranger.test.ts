import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { seriousInBothThemes } from '../../support/axe.ts'
import { browserSuite } from '../../support/browser-suite.ts'
import { takeScreenshot } from '../../support/chromium.ts'
import { FaultProxy } from '../../support/fault-proxy.ts'
import { knowDevice, type RoomPage } from '../../support/room-page.ts'
import { stillView } from '../../support/scene/views.ts'
import { seedCards } from '../../support/seeded-cards.ts'
import { connectStock } from '../../support/stock-client.ts'
import { createToken, SECRET } from '../../support/tokens.ts'
import { waitFor } from '../../support/wait.ts'

const suite = browserSuite()
const ADMIN = 'admin-token-of-these-tests'
const path = (page: Page): string => decodeURIComponent(new URL(page.url()).pathname)

/** A page of a device that was here before. */
async function open(address: string, route: string): Promise<Page> {
  const context = await suite.browser.newContext()
  await knowDevice(context)
  suite.after(() => context.close())
  const page = await context.newPage()
  await page.goto(`${address}${route}`)
  return page
}

/** Checks what stands at `where` in both themes, wide and on a phone, and leaves pictures of it to look at. */
async function look(page: Page, name: string, where: string): Promise<void> {
  expect(await seriousInBothThemes(page, where)).toEqual([])
  for (const theme of ['light', 'dark'] as const) {
    for (const [size, width, height] of [
      ['wide', 1_280, 720],
      ['phone', 390, 844],
    ] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width, height })
      await stillView(page)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      await takeScreenshot(page, `stranger/${name}-${size}-${theme}`)
    }
  }
  await page.setViewportSize({ width: 1_280, height: 720 })
}

test('[U37] [U43] a link whose name no room can have says so, leads nowhere unasked, and offers the ways on', async () => {
  const server = await suite.serve()
  const page = await open(server.url, `/rooms/${encodeURIComponent('日本-Review')}`)
  const heading = page.getByRole('heading', { name: 'No room can have this name' })
  await heading.waitFor()
  expect(path(page)).toBe('/rooms/日本-Review')
  expect(await page.locator('.notice-card').innerText()).toContain('日本-Review')
  expect(await page.title()).toBe('No such room · Roomful')
  const name = page.getByRole('textbox', { name: 'Open or create a room' })
  expect(await name.inputValue()).toBe('review')
  await look(page, 'no-such-name', 'body')
  await page.goto(`${server.url}/rooms/${encodeURIComponent('план')}`)
  await heading.waitFor()
  await expect.poll(() => name.inputValue()).toBe('')
  await name.fill('Our Plan')
  await name.press('Enter')
  await expect.poll(() => path(page)).toBe('/rooms/our-plan')
  await page.locator('#board[data-ready]').waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'Go to the lobby' }).click()
  await expect.poll(() => path(page)).toBe('/rooms/lobby')
})

test('[U13] what is said near the lower edge stands above the tools, for who says it and for who reads it', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'low')
  const ben = await suite.enter(server.url, 'low')
  const adaId = await ada.userId()
  const tools = await ada.page.locator('.tools').boundingBox()
  const board = await ada.board.boundingBox()
  if (tools === null || board === null) throw new Error('no board')
  for (const y of [tools.y - board.y - 30, board.height - 6]) {
    await ada.board.hover({ position: { x: tools.x + tools.width / 2 - 40, y }, force: true })
    await ada.page.keyboard.press('/')
    await ada.page.keyboard.type('Can everybody read this line down here?')
    const said = ben.cursorOf(adaId).locator('.cursor-label[data-saying]')
    await said.getByText('Can everybody read this line down here?').waitFor()
    for (const label of [ada.page.locator('.cursor-bubble'), said]) {
      await expect
        .poll(async () => {
          const box = await label.boundingBox()
          return box !== null && box.y + box.height <= tools.y
        })
        .toBe(true)
    }
    await takeScreenshot(ada.page, `stranger/said-low-${Math.round(y)}`)
    await takeScreenshot(ben.page, `stranger/read-low-${Math.round(y)}`)
    await ada.page.keyboard.press('Escape')
    await said.waitFor({ state: 'detached' })
  }
})

test('[U53] what others put on an empty board comes into sight, readable, of who has not moved the view', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'empty')
  const zoom = async (person: RoomPage): Promise<number> =>
    Number.parseInt((await person.page.locator('.zoom').textContent())?.match(/\d+(?=%)/)?.[0] ?? '', 10)
  const isInSight = async (person: RoomPage, card: string): Promise<boolean> => {
    const box = await person.card(card).boundingBox()
    return box !== null && box.x > 0 && box.y > 52 && box.x + box.width < 1_280 && box.y + box.height < 720
  }
  await takeScreenshot(ada.page, 'stranger/empty')
  const ben = await suite.enter(server.url, 'empty')
  await ben.page.getByRole('button', { name: 'Zoom in' }).click()
  await ben.still(ben.page.locator('.world'))
  const bens = await zoom(ben)
  const [id = ''] = await seedCards(server.wsUrl, 'empty', [{ x: 100, y: 100 }])
  await ben.card(id).waitFor({ state: 'attached' })
  await ada.still(ada.card(id))
  expect(await isInSight(ada, id)).toBe(true)
  expect(await zoom(ada)).toBeGreaterThanOrEqual(80)
  const [far = ''] = await seedCards(server.wsUrl, 'empty', [{ x: 3_600, y: 2_200 }])
  await ada.card(far).waitFor({ state: 'attached' })
  await ada.still(ada.card(far))
  expect([await isInSight(ada, id), await isInSight(ada, far)]).toEqual([true, true])
  expect(await zoom(ben)).toBe(bens)
  await takeScreenshot(ada.page, 'stranger/first-card')
})

test('[W35] [U43] who finds their words under somebody else’s name sees the room opened anew, told why and where they are', async () => {
  const server = await suite.serve()
  const proxy = await FaultProxy.start(server.port)
  suite.after(() => proxy.close())
  const ada = await suite.enter(`http://127.0.0.1:${proxy.port}`, 'apart', {
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await ada.createCard('before', { x: 420, y: 260 })
  await ada.settled()
  const thief = connectStock(server.wsUrl, 'apart')
  suite.after(() => thief.destroy())
  const others = (): number[] =>
    [...thief.provider.awareness.getStates().keys()].filter((id) => id !== thief.doc.clientID)
  await waitFor(
    'the thief to see her and her words',
    () => others().length === 1 && thief.doc.store.clients.size > 0,
  )
  const [hers = 0] = others()
  // what the thief writes is on its way to her while she writes on
  proxy.stall('toClient', true)
  thief.doc.clientID = hers
  thief.doc.getText('note').insert(0, 'words in her name')
  const reader = connectStock(server.wsUrl, 'apart')
  suite.after(() => reader.destroy())
  await waitFor('the room to have it', () => reader.doc.getText('note').length > 0)
  await ada.message.fill('written while she could not hear it')
  await ada.message.press('Enter')
  await ada.messages.getByText('written while she could not hear it').waitFor()
  proxy.stall('toClient', false)
  const told = ada.page.getByRole('alert').filter({ hasText: 'This room was opened anew' })
  await told.waitFor({ timeout: 90_000 })
  expect(await told.innerText()).toContain('kept on this device')
  await ada.settled()
  expect(await ada.messages.count()).toBe(0)
  await look(ada.page, 'come-apart', '.come-apart')
  await told.getByRole('button', { name: 'Copy the text from before' }).click()
  await expect
    .poll(() => ada.page.evaluate<string>('navigator.clipboard.readText()'))
    .toContain('written while she could not hear it')
  await told.getByRole('button', { name: 'Understood' }).click()
  await told.waitFor({ state: 'detached' })
  await ada.page.locator('.room-button').click()
  await ada.page.getByRole('group', { name: 'Kept from before' }).waitFor()
  await takeScreenshot(ada.page, 'stranger/kept-from-before')
})

test('[U32] [U43] refusals read well in both themes and on a phone: signed out, forbidden, read only', async () => {
  const server = await suite.serve({ env: { AUTH_JWT_SECRET: SECRET, AUTH_ADMIN_TOKEN: ADMIN } })
  const expired = await open(
    server.url,
    `/rooms/plans#token=${await createToken({ sub: 'ada', name: 'Ada', lifetimeS: -60 })}`,
  )
  await expired.getByRole('alertdialog', { name: 'Please sign in again' }).waitFor()
  await look(expired, 'signed-out', 'body')
  const forbidden = await open(
    server.url,
    `/rooms/plans#token=${await createToken({ sub: 'ada', name: 'Ada', rooms: { 'public-*': 'write' } })}`,
  )
  await forbidden.getByRole('alertdialog', { name: 'You may not enter this room' }).waitFor()
  await look(forbidden, 'forbidden', 'body')
  const reader = await open(
    server.url,
    `/rooms/plans#token=${await createToken({ sub: 'bob', name: 'Bob', rooms: { plans: 'read' } })}`,
  )
  await reader.getByText('You can read this chat, but not write in it.').waitFor()
  await reader.locator('.board-hint').waitFor()
  await look(reader, 'read-only', 'body')
})

test('[U26] [U28] [U43] a full server and one that is away are called by one name in badge and banner', async () => {
  const server = await suite.serve({ env: { LIMIT_CONNECTIONS: '1' } })
  const ada = await suite.enter(server.url, 'full')
  const ben = await open(server.url, '/rooms/full')
  const badge = ben.locator('button.status .word')
  await expect.poll(() => badge.textContent(), { timeout: 90_000 }).toMatch(/^(Connecting|Reconnecting)/)
  await look(ben, 'full-server', 'body')
  await server.kill('SIGKILL')
  await ada.page.getByText('Reconnecting - changes are kept on this device and will sync').waitFor()
  await expect.poll(() => ada.status.locator('.word').textContent()).toBe('Reconnecting')
  await look(ada.page, 'away', 'body')
})
