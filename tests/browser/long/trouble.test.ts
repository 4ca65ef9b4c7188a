import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { launchChromium } from '../../support/chromium.ts'
import { enterRoom, type RoomPage } from '../../support/room-page.ts'
import { type ServerProcess, startServer, startServerProcess } from '../../support/test-server.ts'
import { waitFor } from '../../support/wait.ts'

const suite = browserSuite()
const BUILD = fileURLToPath(new URL('../../../client/app/dist/', import.meta.url))
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

const enter = (room: string, options?: Parameters<typeof suite.enter>[2]): Promise<RoomPage> =>
  suite.enter(server.url, room, options)
const say = async (person: RoomPage, text: string): Promise<void> => {
  await person.message.fill(text)
  await person.message.press('Enter')
}
const chat = (person: RoomPage): Promise<string[]> => person.messages.locator('p').allTextContents()

/** What the page asks of the person before it lets itself be closed. */
async function closeAndHear(page: Page): Promise<string | undefined> {
  const closed = new Promise<undefined>((resolve) => page.once('close', () => resolve(undefined)))
  const asked = new Promise<string>((resolve) => {
    page.once('dialog', (dialog) => {
      resolve(dialog.type())
      void dialog.accept()
    })
  })
  await page.close({ runBeforeUnload: true })
  return Promise.race([asked, closed])
}

/** A page in a room whose sockets are all closed with one code; counts them. */
async function refusedWith(code: number, room: string): Promise<{ page: Page; tries: () => number }> {
  const context = await suite.browser.newContext({ serviceWorkers: 'block' })
  suite.after(() => context.close())
  const page = await context.newPage()
  let tries = 0
  await page.routeWebSocket(/\/ws\//, (socket) => {
    tries++
    void socket.close({ code, reason: 'refused' })
  })
  await page.goto(`${server.url}/rooms/${room}`)
  return { page, tries: () => tries }
}

test.each([
  [4401, 'Please sign in again', 'Reload'],
  [4413, 'This room is too large', 'Reload'],
  [4400, 'Malformed bytes', 'Reload'],
])('[U32] a refusal with %i says why and what to do, and is not tried again', async (code, title, way) => {
  const { page, tries } = await refusedWith(code, 'refused')
  const notice = page.getByRole('alertdialog', { name: title })
  await notice.waitFor()
  await notice.getByRole('button', { name: way }).waitFor()
  // a way out: the top bar goes on
  await page.locator('.room-button').click()
  await page.getByLabel('Open or create a room').waitFor()
  await page.keyboard.press('Escape')
  // and nothing is offered that a closed room cannot do
  await page.keyboard.press('Control+k')
  await page.getByRole('option', { name: /theme/i }).first().waitFor()
  for (const name of ['New card', 'Write in the chat'])
    expect(await page.getByRole('option', { name }).count(), name).toBe(0)
  expect(tries()).toBe(1)
})

test('[U32] [I7] who may not enter is told so, once; a room that opens meanwhile is entered by the button', async () => {
  let isOpen = false
  const asked: string[] = []
  const local = await startServer({
    staticDir: BUILD,
    authorize: ({ room }) => {
      asked.push(room)
      return isOpen ? 'write' : 'none'
    },
  })
  suite.after(() => local.close())
  const context = await suite.browser.newContext({ serviceWorkers: 'block' })
  suite.after(() => context.close())
  const page = await context.newPage()
  await page.goto(`${local.url}/rooms/secret`)
  const notice = page.getByRole('alertdialog', { name: 'You may not enter this room' })
  await notice.waitFor()
  // nothing of one's own can be in a room one was never in
  expect(await notice.getByRole('button', { name: /Copy/ }).count()).toBe(0)
  expect(asked).toEqual(['secret'])
  isOpen = true
  await notice.getByRole('button', { name: 'Try again' }).click()
  await page.locator('button.status[data-connection="connected"]').waitFor()
  expect(await notice.count()).toBe(0)
})

test('[U31] closing asks only while something is neither on the server nor on the device', async () => {
  const ada = await enter('leaving')
  await say(ada, 'on the server')
  await ada.settled()
  expect(await closeAndHear(ada.page)).toBeUndefined()

  const holdBack = async (page: Page): Promise<void> => {
    await page.routeWebSocket(/\/ws\//, (socket) => {
      const upstream = socket.connectToServer()
      let isHeld = false
      socket.onMessage((message) => {
        // what the page says from its first message on is lost
        isHeld ||= typeof message !== 'string' && message[0] === 0 && message[1] === 2 && message.length > 60
        if (!isHeld) upstream.send(message)
      })
    })
  }
  const kept = await enter('leaving')
  await holdBack(kept.page)
  await kept.page.reload()
  await kept.page.locator('#board[data-ready]').waitFor()
  const before = await storedEntries(kept.page)
  await say(kept, 'on this device, and long enough to be told from a greeting of the protocol')
  await waitFor('it to be stored here', async () => (await storedEntries(kept.page)) > before)
  expect(await closeAndHear(kept.page)).toBeUndefined()

  const lost = await enter('leaving')
  await refuseStorage(lost.page)
  await holdBack(lost.page)
  await lost.page.reload()
  await lost.page.locator('#board[data-ready]').waitFor()
  await say(lost, 'nowhere but in this tab, and long enough to be told from a greeting of the protocol')
  expect(await closeAndHear(lost.page)).toBe('beforeunload')
})

/** How many entries the copies of rooms on this device have. */
function storedEntries(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let entries = 0
    for (const { name = '' } of await indexedDB.databases()) {
      if (!name.startsWith('roomful:')) continue
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('cannot open'))
      })
      for (const store of db.objectStoreNames) {
        const request = db.transaction(store).objectStore(store).count()
        entries += await new Promise<number>((resolve) => {
          request.onsuccess = () => resolve(request.result)
        })
      }
      db.close()
    }
    return entries
  })
}

async function refuseStorage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError')
    }
  })
}

test('[U63] with IndexedDB refused the status says so, and everything else works', async () => {
  const ada = await enter('no-storage')
  await refuseStorage(ada.page)
  await ada.page.reload()
  await ada.settled()
  // once, where people look; the details of the badge say it for as long as it is so
  await ada.page.getByText('Your browser keeps no copy of this room').waitFor()
  const ben = await enter('no-storage')
  const id = await ada.createCard('written without storage', { x: 400, y: 250 })
  await say(ada, 'and said')
  await ben.card(id).waitFor()
  await expect.poll(() => chat(ben)).toEqual(['and said'])
  await expect.poll(() => ada.status.locator('.word').textContent()).toBe('All changes saved')
  await ada.status.click()
  await ada.page.getByText('Not kept on this device').waitFor()
})

test('[U62] over plain http on a LAN name: no secure context, and everything works', async () => {
  const browser = await launchChromium(['--host-resolver-rules=MAP roomful.test 127.0.0.1'])
  suite.after(() => browser.close())
  const address = `http://roomful.test:${server.port}`
  const ada = await enterRoom(browser, address, 'lan', { serviceWorkers: 'allow' })
  const ben = await enterRoom(browser, address, 'lan', { serviceWorkers: 'allow' })
  expect(
    await ada.page.evaluate(() => [isSecureContext, 'randomUUID' in crypto, 'serviceWorker' in navigator]),
  ).toEqual([false, false, false])
  const id = await ada.createCard('on the LAN', { x: 400, y: 250 })
  await ben.card(id).waitFor()
  await say(ben, 'hello over http')
  await expect.poll(() => chat(ada)).toEqual(['hello over http'])
  await expect.poll(() => ada.status.locator('.word').textContent()).toBe('All changes saved')
  // the old way of copying works where the clipboard is missing
  await ada.page.getByRole('button', { name: 'Share this room' }).click()
  await ada.page
    .getByRole('dialog', { name: 'Invite people' })
    .getByRole('button', { name: 'Copy link' })
    .click()
  await ada.page.getByText('Link copied').waitFor()
  expect([...ada.errors, ...ben.errors]).toEqual([])
})

test('[U64] a board that breaks down leaves chat and work alone, and is there again by a button', async () => {
  const ada = await enter('crash')
  // not of the suite, which forgives nobody an error
  const ben = await enterRoom(suite.browser, server.url, 'crash')
  suite.after(() => ben.close())
  const id = await ada.createCard('survives', { x: 400, y: 250 })
  await ben.card(id).waitFor()
  // the next card that is drawn at Ben's throws, once: a fault of ours, or of something that changed the page under us
  await ben.page.evaluate(() => {
    const setAttribute = Reflect.get(Element.prototype, 'setAttribute')
    Element.prototype.setAttribute = function (name, value) {
      if (name === 'data-card-id') {
        Element.prototype.setAttribute = setAttribute
        throw new Error('the card that breaks the board')
      }
      setAttribute.call(this, name, value)
    }
  })
  await ada.createCard('breaks the board', { x: 650, y: 250 })
  const crash = ben.page.getByRole('alert', { name: 'The board has stopped' })
  await crash.waitFor()
  await say(ben, 'the chat goes on')
  await expect.poll(() => chat(ada)).toEqual(['the chat goes on'])
  await ada.createCard('drawn meanwhile', { x: 500, y: 350 })
  await crash.getByRole('button', { name: 'Show it again' }).click()
  await ben.page.locator('.card-text', { hasText: 'drawn meanwhile' }).waitFor()
  await ben.card(id).waitFor()
})

test('[U64] without JavaScript the page says what it needs', async () => {
  const context = await suite.browser.newContext({ javaScriptEnabled: false })
  suite.after(() => context.close())
  const page = await context.newPage()
  await page.goto(`${server.url}/rooms/lobby`)
  await page.locator('noscript p').waitFor()
})
