import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import type { RoomPage } from '../support/room-page.ts'
import { connectStock } from '../support/stock-client.ts'
import { temporaryFolder } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = browserSuite()

const word = async (person: RoomPage): Promise<string> =>
  (await person.status.locator('.word').textContent())?.trim() ?? ''

async function behindProxy(port: number): Promise<{ proxy: FaultProxy; address: string }> {
  const proxy = await FaultProxy.start(port)
  suite.after(() => proxy.close())
  return { proxy, address: `http://127.0.0.1:${proxy.port}` }
}

test('[U26] the badge says in words and by a shape: saved, reconnecting with a retry, and saved again', async () => {
  const server = await suite.serve()
  const { proxy, address } = await behindProxy(server.port)
  const ada = await suite.enter(address, 'badge')
  await expect.poll(() => word(ada)).toBe('All changes saved')
  const shapeWhenSaved = await ada.status.locator('svg').innerHTML()
  proxy.refuse(true)
  proxy.cut()
  await expect.poll(() => word(ada), { timeout: 90_000 }).toMatch(/^Reconnecting/)
  expect(await ada.status.locator('svg').innerHTML()).not.toBe(shapeWhenSaved)
  // with time left, or it is tried without us
  await ada.page
    .getByRole('button', { name: /^in ([6-9]|[1-3]\d) s.*Retry now$/ })
    .waitFor({ timeout: 60_000 })
  proxy.heal()
  // the seconds in its name go on
  await ada.page.getByRole('button', { name: /Retry now$/ }).click()
  await expect.poll(() => word(ada), { timeout: 90_000 }).toBe('All changes saved')
})

test('[U26] without a network the badge says Offline', async () => {
  const server = await suite.serve()
  const { proxy, address } = await behindProxy(server.port)
  const ada = await suite.enter(address, 'no-network')
  // setOffline leaves an open WebSocket as it is; here the cable is pulled: no end of it ever arrives
  proxy.refuse(true)
  proxy.halfOpen()
  await ada.page.context().setOffline(true)
  await expect.poll(() => word(ada), { timeout: 90_000 }).toBe('Offline')
  proxy.heal()
  await ada.page.context().setOffline(false)
  await expect.poll(() => word(ada), { timeout: 90_000 }).toBe('All changes saved')
})

test('[U28] a part of the page that the cut kept away comes when the network is back; nothing is thrown', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'late-part', { serviceWorkers: 'block' })
  const { page } = ada
  let refused = 0
  const isAway = /\/(assets\/(PeoplePanel|BoardHint|toaster)-|healthz)/
  await page.route(isAway, (route) => {
    refused += 1
    return route.abort()
  })
  await page.reload()
  await ada.settled()
  await page.getByRole('tab', { name: /^People/ }).click()
  await expect.poll(() => refused).toBeGreaterThan(2)
  const people = page.getByRole('tabpanel').getByRole('list')
  expect(await people.count()).toBe(0)
  await page.unroute(isAway)
  await page.context().setOffline(true)
  await page.context().setOffline(false)
  await people.first().waitFor()
})

test('[U26] a server that keeps nothing is called Live, never saved', async () => {
  const server = await suite.serve({ env: { DATA_DIR: ':memory:' } })
  const ada = await suite.enter(server.url, 'memory')
  await ada.createCard('kept by nobody', { x: 400, y: 250 })
  await ada.settled()
  await expect.poll(() => word(ada)).toBe('Live')
})

test('[U29] [I1] changes are counted until the server has them on disk; killed before that, they are never called saved', async () => {
  const dataDir = temporaryFolder()
  const server = await suite.serve({ dataDir })
  const { proxy, address } = await behindProxy(server.port)
  const ada = await suite.enter(address, 'pending')
  const words: string[] = []
  await ada.page.exposeFunction('heardStatus', (text: string) => words.push(text))
  await ada.page.evaluate(`{
    const node = document.querySelector('button.status .word')
    new MutationObserver(() => window.heardStatus(node.textContent)).observe(node, { characterData: true, childList: true, subtree: true })
  }`)
  // what is typed never reaches the server
  proxy.stall('toServer', true)
  for (const text of ['one', 'two', 'three']) {
    await ada.message.fill(text)
    await ada.message.press('Enter')
  }
  await waitFor(
    'three changes to be pending',
    async () => Number(await ada.status.getAttribute('data-pending')) >= 3,
  )
  await expect.poll(() => word(ada)).toMatch(/^\d+ unsynced changes$/)
  await server.kill('SIGKILL')
  proxy.refuse(true)
  proxy.cut()
  await expect.poll(() => word(ada), { timeout: 90_000 }).toMatch(/^Reconnecting \(\d+ pending\)$/)
  expect(words.filter((text) => text.includes('saved'))).toEqual([])
  const again = await suite.serve({ dataDir })
  proxy.retarget(again.port)
  proxy.heal()
  await expect.poll(() => word(ada), { timeout: 90_000 }).toBe('All changes saved')
  await again.kill('SIGKILL')
  const last = await suite.serve({ dataDir })
  const reader = connectStock(last.wsUrl, 'pending')
  suite.after(() => reader.destroy())
  await waitFor('the room to be read', () => reader.provider.synced)
  const stored = reader.doc.getArray<{ text: string }>('chat').map((message) => message.text)
  expect(stored).toEqual(['one', 'two', 'three'])
})

test('[U55] the details tell round trip, server and what is unsynced; on a phone the retry is there too', async () => {
  const server = await suite.serve()
  const { proxy, address } = await behindProxy(server.port)
  const ada = await suite.enter(address, 'details', { viewport: { width: 390, height: 844 } })
  await ada.message.fill('so that a receipt was timed')
  await ada.message.press('Enter')
  await ada.settled()
  const details = ada.page.locator('.status-details')
  const value = (term: string): Promise<string | null> =>
    details.locator(`dt:text-is("${term}") + dd`).textContent()
  await ada.status.click()
  await expect.poll(() => value('Round trip')).toMatch(/^(< 1|\d+) ms$/)
  expect(await value('Server')).toBe(server.instanceId)
  expect(await value('Changes')).toBe('all acknowledged')
  proxy.refuse(true)
  proxy.cut()
  await details.getByRole('button', { name: 'Retry now' }).waitFor()
  await ada.page.keyboard.press('Escape')
  await ada.message.fill('unsynced')
  await ada.message.press('Enter')
  await ada.status.click()
  await expect.poll(() => value('Changes')).toMatch(/unsynced change/)
  const accepted = proxy.acceptedCount
  proxy.heal()
  // the next try may just have begun by itself
  await details
    .getByRole('button', { name: 'Retry now' })
    .click({ timeout: 5_000 })
    .catch(() => undefined)
  await waitFor('a try', () => proxy.acceptedCount > accepted)
  await expect.poll(() => value('Changes')).toBe('all acknowledged')
})

test('[U33] gone for an hour: the tab works on, and all of it arrives at the first success', async () => {
  const server = await suite.serve()
  const { proxy, address } = await behindProxy(server.port)
  const ada = await suite.enter(address, 'hour')
  const ben = await suite.enter(server.url, 'hour')
  await ada.page.clock.install()
  proxy.refuse(true)
  proxy.cut()
  await expect.poll(() => ada.status.getAttribute('data-connection')).toBe('reconnecting')
  await ada.page.clock.fastForward('30:00')
  await ada.message.fill('half an hour in')
  await ada.message.press('Enter')
  await ada.page.clock.fastForward('30:00')
  await expect.poll(() => word(ada)).toMatch(/^Reconnecting \(\d+ pending\)$/)
  proxy.heal()
  // no try is further away than this
  await ada.page.clock.fastForward('00:31')
  await expect
    .poll(() => ben.messages.locator('p').allTextContents(), { timeout: 90_000 })
    .toEqual(['half an hour in'])
  await expect.poll(() => word(ada), { timeout: 90_000 }).toBe('All changes saved')
})

test('[U27] a drop shorter than three seconds shows nothing, to nobody', async () => {
  const server = await suite.serve()
  const { proxy, address } = await behindProxy(server.port)
  const ada = await suite.enter(address, 'blink')
  const ben = await suite.enter(server.url, 'blink')
  await expect.poll(() => ben.stack.locator('[data-user-id]').count()).toBe(2)
  const counts: string[] = []
  await ben.page.exposeFunction('heardCount', (text: string) => counts.push(text))
  await ben.page.evaluate(`{
    const stack = document.querySelector('.stack')
    new MutationObserver(() => window.heardCount(stack.getAttribute('aria-label'))).observe(stack, { attributes: true, childList: true })
  }`)
  const accepted = proxy.acceptedCount
  proxy.cut()
  await waitFor(
    'the tab to be back',
    async () =>
      proxy.acceptedCount > accepted && (await ada.status.getAttribute('data-connection')) === 'connected',
  )
  expect(await word(ada)).toBe('All changes saved')
  expect(counts.filter((text) => !text.startsWith('2 '))).toEqual([])
})

test('[U28] [U30] board and chat stay editable offline, and two offline people merge without loss', async () => {
  const server = await suite.serve()
  const { proxy, address } = await behindProxy(server.port)
  const ada = await suite.enter(address, 'merge')
  const ben = await suite.enter(address, 'merge')
  const id = await ada.createCard('base', { x: 420, y: 240 })
  await ben.card(id).waitFor()
  await ada.settled()
  proxy.refuse(true)
  proxy.cut()
  for (const [person, name] of [
    [ada, 'ada'],
    [ben, 'ben'],
  ] as const) {
    await person.card(id).dblclick()
    await person.page.keyboard.press(name === 'ada' ? 'Home' : 'End')
    await person.page.keyboard.type(`(${name} offline)`)
    await person.page.keyboard.press('Escape')
    await person.message.fill(`${name} was offline`)
    await person.message.press('Enter')
  }
  proxy.heal()
  const text = async (person: RoomPage): Promise<string | null> =>
    person.card(id).locator('.card-text').textContent()
  await expect.poll(() => text(ada), { timeout: 90_000 }).toBe('(ada offline)base(ben offline)')
  await expect.poll(() => text(ben), { timeout: 90_000 }).toBe('(ada offline)base(ben offline)')
  const chat = (person: RoomPage): Promise<string[]> => person.messages.locator('p').allTextContents()
  await expect.poll(async () => (await chat(ada)).length).toBe(2)
  await expect.poll(async () => (await chat(ben)).join()).toBe((await chat(ada)).join())
})

test('[U32] a deleted room says so, is not tried again, begins anew, and its copy can be taken out of the room menu', async () => {
  const server = await suite.serve({ env: { AUTH_ADMIN_TOKEN: 'admin-secret' } })
  const { proxy, address } = await behindProxy(server.port)
  const ada = await suite.enter(address, 'doomed', { permissions: ['clipboard-read', 'clipboard-write'] })
  const read = (): Promise<unknown> => ada.page.evaluate('navigator.clipboard.readText()')
  await ada.createCard('last words', { x: 400, y: 250 })
  await ada.settled()
  const response = await fetch(`${server.url}/api/v1/rooms/doomed`, {
    method: 'DELETE',
    headers: { authorization: 'Bearer admin-secret' },
  })
  expect(response.ok).toBe(true)
  await expect.poll(() => ada.status.getAttribute('data-connection')).toBe('closed')
  const notice = ada.page.getByRole('alertdialog', { name: 'This room was deleted' })
  await notice.getByRole('button', { name: 'Copy the text of this room' }).click()
  await notice.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await read()).toBe('# Cards\n\nlast words\n\n')
  const accepted = proxy.acceptedCount
  await ada.page.getByRole('heading', { level: 1 }).hover()
  expect(await ada.status.getAttribute('data-connection')).toBe('closed')
  expect(proxy.acceptedCount).toBe(accepted)

  await notice.getByRole('button', { name: 'Begin anew' }).click()
  await ada.settled()
  expect(await ada.cards.count()).toBe(0)
  await ada.page.evaluate('navigator.clipboard.writeText("")')
  await ada.page.locator('.room-button').click()
  const kept = ada.page.getByRole('group', { name: 'Kept from before' })
  await kept.getByRole('button', { name: 'Copy its text' }).click()
  await expect.poll(read).toBe('# Cards\n\nlast words\n\n')
  await kept.getByRole('button', { name: 'Discard' }).click()
  await kept.waitFor({ state: 'detached' })
})
