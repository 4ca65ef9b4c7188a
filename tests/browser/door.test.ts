import type { BrowserContext, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import { knowDevice, RoomPage } from '../support/room-page.ts'
import type { ServerProcess } from '../support/test-server.ts'
import { createToken, SECRET, type TokenClaims } from '../support/tokens.ts'

const suite = browserSuite()
const ADMIN = 'admin-token-of-these-tests'

const serve = (): Promise<ServerProcess> =>
  suite.serve({ env: { AUTH_JWT_SECRET: SECRET, AUTH_ADMIN_TOKEN: ADMIN } })

interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  readonly person: RoomPage
  /** Sockets opened so far. */
  readonly tries: () => number
}

/** Follows a link in a profile of its own. */
async function follow(server: ServerProcess, link: string): Promise<Visit> {
  const context = await suite.browser.newContext()
  await knowDevice(context)
  suite.after(() => context.close())
  const page = await context.newPage()
  let tries = 0
  page.on('websocket', () => tries++)
  await page.goto(`${server.url}${link}`)
  const person = new RoomPage(page, [], () => context.close())
  return { page, context, person, tries: () => tries }
}

const signIn = async (server: ServerProcess, room: string, said: TokenClaims = {}): Promise<Visit> =>
  follow(server, `/rooms/${room}#token=${await createToken(said)}`)

const revoke = (server: ServerProcess, body: unknown): Promise<Response> =>
  fetch(`${server.url}/api/v1/revoke`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN}` },
    body: JSON.stringify(body),
  })

test('[U32] a sign-in link lets in as who it says, and its token is nowhere to be seen afterwards', async () => {
  const server = await serve()
  const requests: string[] = []
  const context = await suite.browser.newContext()
  await knowDevice(context)
  suite.after(() => context.close())
  context.on('request', (request) => requests.push(`${request.url()} ${JSON.stringify(request.headers())}`))
  const page = await context.newPage()
  const token = await createToken({ sub: 'ada', name: 'Ada Lovelace' })
  await page.goto(`${server.url}/rooms/plans#token=${token}`)
  const ada = new RoomPage(page, [], () => context.close())
  await ada.settled()
  expect(page.url()).toBe(`${server.url}/rooms/plans`)
  expect([await ada.userId(), await ada.userName()]).toEqual(['ada', 'Ada Lovelace'])
  await page.reload()
  await ada.settled()
  // neither sent with any request but the room's own, nor kept longer than this tab
  expect(requests.filter((text) => text.includes(token) && !text.includes('/online?token='))).toEqual([])
  await page.evaluate('navigator.serviceWorker.ready')
  const kept = await page.evaluate(`(async () => {
    const texts = [JSON.stringify(localStorage), document.cookie, document.referrer]
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) texts.push(request.url, JSON.stringify([...request.headers]))
    }
    return texts.join(' ')
  })()`)
  expect(kept).not.toContain(token)
  await page.goBack().catch(() => undefined)
  expect(page.url()).not.toContain('token')
})

test('[U32] without a token the room says to sign in, tries once, and a link followed on the same page lets in', async () => {
  const server = await serve()
  const { page, person, tries } = await follow(server, '/rooms/plans')
  const notice = page.getByRole('alertdialog', { name: 'Please sign in again' })
  await notice.waitFor()
  expect(await person.status.getAttribute('data-connection')).toBe('closed')
  expect(tries()).toBe(1)
  const token = await createToken({ sub: 'ada', name: 'Ada' })
  await page.evaluate(`location.hash = 'token=${token}'`)
  await person.settled()
  await notice.waitFor({ state: 'detached' })
  expect(page.url()).not.toContain('token')
})

test('[U32] a room one may not enter says so, with a way to try again and one out, and is tried once', async () => {
  const server = await serve()
  const { page, tries } = await signIn(server, 'secret-plans', { rooms: { 'public-*': 'write' } })
  const notice = page.getByRole('alertdialog', { name: 'You may not enter this room' })
  await notice.waitFor()
  expect(tries()).toBe(1)
  await notice.getByRole('link', { name: 'Go to the lobby' }).waitFor()
  await notice.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(tries).toBe(2)
  await notice.waitFor()
})

test('[U32] access that is taken back ends the room at once, tried once more by nobody', async () => {
  const server = await serve()
  const { page, person, tries } = await signIn(server, 'plans', { sub: 'ada' })
  await person.settled()
  expect(await (await revoke(server, { userId: 'ada' })).json()).toMatchObject({ closed: 1 })
  await page.getByRole('alertdialog', { name: 'Please sign in again' }).waitFor()
  expect(tries()).toBe(1)
})

test('[U32] who may only read sees everything, is seen, and finds nothing to write with', async () => {
  const server = await serve()
  const writer = await signIn(server, 'plans', { sub: 'bob', name: 'Bob' })
  await writer.person.settled()
  const card = await writer.person.createCard('A card of Bob', { x: 420, y: 260 })
  await writer.person.message.fill('hello')
  await writer.person.message.press('Enter')

  const { page, person } = await signIn(server, 'plans', {
    sub: 'ada',
    name: 'Ada',
    rooms: { plans: 'read' },
  })
  await person.settled()
  await expect.poll(() => person.status.locator('.word').textContent()).toBe('Read only')
  await person.card(card).getByText('A card of Bob').waitFor()
  await person.messages.filter({ hasText: 'hello' }).waitFor()
  await page.getByText('You can read this chat, but not write in it.').waitFor()
  expect(await person.message.count()).toBe(0)
  expect(await page.getByRole('button', { name: 'New card' }).isDisabled()).toBe(true)

  await person.still(person.card(card))
  const at = await person.card(card).boundingBox()
  if (at === null) throw new Error('the card has no place')
  await page.mouse.dblclick(at.x + 30, at.y + 30)
  await page.mouse.dblclick(at.x - 60, at.y - 30)
  await page.keyboard.press('Delete')
  await page.keyboard.press('n')
  expect([await person.cards.count(), await page.locator('[data-editing]').count()]).toEqual([1, 0])
  await page.getByRole('tab', { name: 'Note' }).click()
  await page.getByText('You can read this note, but not write in it').waitFor()
  expect(await page.getByRole('textbox', { name: 'Shared note' }).getAttribute('aria-readonly')).toBe('true')

  await page.mouse.move(at.x + 40, at.y + 40)
  await page.mouse.move(at.x + 80, at.y + 60, { steps: 4 })
  await writer.person.cursorOf('ada').waitFor()
  expect(await person.status.getAttribute('data-pending')).toBe('0')
})
