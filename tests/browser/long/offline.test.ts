import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { connectStock } from '../../support/stock-client.ts'
import { temporaryFolder } from '../../support/test-server.ts'
import { waitFor } from '../../support/wait.ts'

const suite = browserSuite()
const BUILD = fileURLToPath(new URL('../../../client/app/dist/', import.meta.url))
const OFFLINE = { serviceWorkers: 'allow' } as const

const word = async (person: RoomPage): Promise<string> =>
  (await person.status.locator('.word').textContent())?.trim() ?? ''
const text = (person: RoomPage, id: string): Promise<string | null> =>
  person.card(id).locator('.card-text').textContent()
const chat = (person: RoomPage): Promise<string[]> => person.messages.locator('p').allTextContents()

/** Resolves once the whole app is on the device; gives the names of the builds kept there. */
async function kept(person: RoomPage): Promise<string[]> {
  const names: unknown = await person.page.evaluate('navigator.serviceWorker.ready.then(() => caches.keys())')
  return Array.isArray(names) ? names.map(String) : []
}

/** Resolves once the room's document is in IndexedDB. */
async function keptRoom(person: RoomPage): Promise<void> {
  await person.status.click()
  await person.page.locator('.status-details').getByText('kept', { exact: true }).waitFor()
  await person.page.keyboard.press('Escape')
}

test('[U28] with the whole server stopped a visited room opens, is edited, and merges when the server is back', async () => {
  const dataDir = temporaryFolder()
  const server = await suite.serve({ dataDir })
  const ada = await suite.enter(server.url, 'train', OFFLINE)
  const ben = await suite.enter(server.url, 'train')
  const id = await ada.createCard('on the platform', { x: 420, y: 240 })
  await ben.card(id).waitFor()
  await ada.settled()
  await keptRoom(ada)
  expect(await kept(ada)).toHaveLength(1)

  await server.kill('SIGKILL')
  await ada.page.reload()
  await expect.poll(() => text(ada, id)).toBe('on the platform')
  await ada.card(id).dblclick()
  await ada.page.keyboard.press('End')
  await ada.page.keyboard.type(', then in the tunnel')
  await ada.page.keyboard.press('Escape')
  await expect.poll(() => text(ada, id)).toBe('on the platform, then in the tunnel')
  await ada.message.fill('nobody hears this yet')
  await ada.message.press('Enter')
  await ada.page.getByText('Reconnecting - changes are kept on this device and will sync').waitFor()
  await expect.poll(() => word(ada)).toMatch(/^Reconnecting \(\d+ pending\)$/)

  // a second time: what was written without a server is there without a server
  await ada.page.reload()
  await expect.poll(() => text(ada, id)).toBe('on the platform, then in the tunnel')
  await expect.poll(() => chat(ada)).toEqual(['nobody hears this yet'])

  await ben.message.fill('ben was away too')
  await ben.message.press('Enter')
  await suite.serve({ dataDir, port: server.port })
  for (const person of [ada, ben]) {
    await expect.poll(() => text(person, id), { timeout: 90_000 }).toBe('on the platform, then in the tunnel')
    await expect
      .poll(async () => (await chat(person)).toSorted())
      .toEqual(['ben was away too', 'nobody hears this yet'])
    await expect.poll(() => word(person), { timeout: 90_000 }).toBe('All changes saved')
  }
  expect(await chat(ada)).toEqual(await chat(ben))
  const reader = connectStock(server.wsUrl, 'train')
  suite.after(() => reader.destroy())
  await waitFor('the room to be read', () => reader.provider.synced)
  expect(reader.doc.getArray('chat').length).toBe(2)
})

test('[U26] [U46] on a phone the word about the connection does not cover the tabs of a full sheet', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'pocket', {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
  })
  await ada.settled()
  await server.kill('SIGKILL')
  const banner = ada.page.locator('.banner')
  await banner.waitFor({ timeout: 90_000 })
  await ada.page.getByRole('tab', { name: 'Note' }).tap()
  await ada.still(ada.page.getByRole('tab', { name: 'Note' }))
  const bottom = async (): Promise<number> => {
    const box = await banner.boundingBox()
    return (box?.y ?? 0) + (box?.height ?? 0)
  }
  await expect
    .poll(
      async () =>
        ((await ada.page.getByRole('tab', { name: 'Note' }).boundingBox())?.y ?? 0) >= (await bottom()),
    )
    .toBe(true)
})

test('[U28] a deploy is there at the next load, without a prompt; until then an open tab finds the files of its own build', async () => {
  const dataDir = temporaryFolder()
  const server = await suite.serve({ dataDir })
  const ada = await suite.enter(server.url, 'deploy', OFFLINE)
  const before = await kept(ada)
  const part = readdirSync(join(BUILD, 'assets')).find((name) => /^ClosedNotice-.*\.js$/.test(name))
  expect(part).toBeDefined()
  await server.kill('SIGTERM')
  const next = await suite.serve({ dataDir, port: server.port, env: { STATIC_DIR: anotherBuild() } })
  await ada.settled()

  const status = (path: string): Promise<unknown> =>
    ada.page.evaluate(`fetch('${path}').then((response) => response.status)`)
  expect((await fetch(`${next.url}/assets/${part}`)).status).toBe(404)
  expect(await status(`/assets/${part}`)).toBe(200)
  await ada.page.reload()
  await ada.settled()
  expect(await ada.page.locator('script[src*="/assets/next-index"]').count()).toBe(1)
  await waitFor('both builds to be kept', async () => (await kept(ada)).length === 2)
  expect(await kept(ada)).toContain(before[0])
  // asked for by a tab that was open before the deploy
  expect(await status(`/assets/${part}`)).toBe(200)
})

test('[U28] sockets, REST and health are never answered from the device', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'live-only', OFFLINE)
  await kept(ada)
  const ask = (path: string): Promise<unknown> =>
    ada.page.evaluate(`fetch('${path}').then((response) => response.status, () => 'failed')`)
  const paths = ['/healthz', '/api/v1/rooms/live-only/online', '/server/healthz']
  for (const path of paths) expect([path, await ask(path)]).toEqual([path, 200])
  await server.kill('SIGKILL')
  for (const path of paths) expect([path, await ask(path)]).toEqual([path, 'failed'])
  expect(await ask('/theme.js')).toBe(200)
})

test('[U28] [U33] back after a week, on a copy with unsent work: it is shown, dated, and merged', async () => {
  const dataDir = temporaryFolder()
  const server = await suite.serve({ dataDir })
  const ada = await suite.enter(server.url, 'week', OFFLINE)
  const id = await ada.createCard('before the holidays', { x: 420, y: 240 })
  await ada.settled()
  await keptRoom(ada)
  await kept(ada)
  await server.kill('SIGKILL')
  await ada.message.fill('sent to nobody')
  await ada.message.press('Enter')
  await expect.poll(() => ada.status.getAttribute('data-pending')).toBe('1')
  await ada.page.goto('about:blank')

  const again = await suite.serve({ dataDir, port: server.port })
  const ben = await suite.enter(again.url, 'week')
  await ben.message.fill('while she was away')
  await ben.message.press('Enter')
  await ben.settled()
  await ada.page.clock.install({ time: Date.now() + 7 * 24 * 3_600_000 })
  await ada.page.goto(`${server.url}/rooms/week`)
  await ada.card(id).waitFor()
  await ada.settled()
  for (const person of [ada, ben])
    await expect.poll(() => chat(person)).toEqual(['sent to nobody', 'while she was away'])
})

test('[U64] "Forget this device" asks first, then leaves nothing of rooms, person and app behind', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'forgotten', OFFLINE)
  await ada.setProfile({ name: 'Grace' })
  await ada.message.fill('stays in the room')
  await ada.message.press('Enter')
  await ada.settled()
  await kept(ada)
  const openMenu = async (): Promise<void> => {
    await ada.page.locator('.room-button').click()
    await ada.page.getByRole('button', { name: 'Forget this device…' }).click()
  }
  await openMenu()
  await ada.page.getByRole('button', { name: 'Keep it' }).click()
  await ada.page.keyboard.press('Escape')
  expect(await ada.userName()).toBe('Grace')

  await openMenu()
  const before = await ada.userId()
  await Promise.all([
    ada.page.waitForURL(`${server.url}/rooms/lobby`),
    ada.page.getByRole('button', { name: 'Forget everything' }).click(),
  ])
  await ada.settled()
  expect(await ada.userId()).not.toBe(before)
  expect(await ada.userName()).not.toBe('Grace')
  const left: unknown = await ada.page.evaluate(`(async () => [
    (await indexedDB.databases()).filter(({ name }) => name.includes('forgotten')).length,
    Object.keys(localStorage).filter((key) => key.includes('forgotten')).length,
    JSON.parse(localStorage.getItem('roomful:rooms') ?? '[]').includes('forgotten'),
  ])()`)
  expect(left).toEqual([0, 0, false])
  // the room itself is the server's
  await ada.page.goto(`${server.url}/rooms/forgotten`)
  await expect.poll(() => chat(ada)).toEqual(['stays in the room'])
})

/** A copy of the build as the next deploy would be: the same files under other names. */
function anotherBuild(): string {
  const folder = temporaryFolder()
  cpSync(BUILD, folder, { recursive: true, filter: (path) => !/\.(br|gz)$/.test(path) })
  const scripts = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'))
  const names = new RegExp(scripts.map((name) => name.replaceAll('.', '\\.')).join('|'), 'g')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(js|html)$/.test(name)) continue
    const path = join(folder, name)
    const source = readFileSync(path, 'utf8').replace(names, (script) => `next-${script}`)
    writeFileSync(path, source.replace(/(version:.)[0-9a-f]{12}/, '$1aaaaaaaaaaaa'))
  }
  for (const name of scripts) renameSync(join(folder, 'assets', name), join(folder, 'assets', `next-${name}`))
  return folder
}
