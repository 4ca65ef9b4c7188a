import { expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { FaultProxy } from '../../support/fault-proxy.ts'
import { redisSuite } from '../../support/redis-suite.ts'
import type { RoomPage } from '../../support/room-page.ts'
import type { ServerProcess } from '../../support/test-server.ts'

const redis = redisSuite({ shared: true })
const suite = browserSuite()

async function serveTwo(): Promise<[ServerProcess, ServerProcess]> {
  const env = { REDIS_URL: redis.redis.url }
  return Promise.all([
    suite.serve({ env: { ...env, INSTANCE_ID: 'left' } }),
    suite.serve({ env: { ...env, INSTANCE_ID: 'right' } }),
  ])
}

/** What the connection details call the server. */
async function serverOf(person: RoomPage): Promise<string> {
  await person.status.click()
  const name = person.page.locator('dt', { hasText: /^Server$/ }).locator('+ dd')
  const text = (await name.textContent()) ?? ''
  await person.page.keyboard.press('Escape')
  return text
}

test('[U18] people on two instances see each other, cursors, words and cards, and which instance they are on', async () => {
  const [left, right] = await serveTwo()
  const ada = await suite.enter(left.url, 'two')
  const ben = await suite.enter(right.url, 'two')
  expect([await serverOf(ada), await serverOf(ben)]).toEqual(['left', 'right'])
  for (const person of [ada, ben])
    await expect.poll(() => person.stack.locator('[data-user-id]').count()).toBe(2)

  await ada.board.hover({ position: { x: 300, y: 200 } })
  await ben.cursorOf(await ada.userId()).waitFor()
  await ben.message.fill('hello from the right')
  await ben.message.press('Enter')
  await ada.messages.filter({ hasText: 'hello from the right' }).waitFor()
  const card = await ada.createCard('from the left', { x: 320, y: 260 })
  await expect.poll(() => ben.card(card).innerText()).toContain('from the left')

  await ben.close()
  await expect.poll(() => ada.stack.locator('[data-user-id]').count()).toBe(1)
})

test('[U27] [U33] [I10] a restart that leads to the other instance costs nothing typed, and nobody sees a leave', async () => {
  const [left, right] = await serveTwo()
  const door = await FaultProxy.start(left.port)
  suite.after(() => door.close())
  const ada = await suite.enter(`http://127.0.0.1:${door.port}`, 'moves')
  const ben = await suite.enter(right.url, 'moves')
  await expect.poll(() => ben.stack.locator('[data-user-id]').count()).toBe(2)
  const counts: string[] = []
  await ben.page.exposeFunction('heardCount', (text: string) => counts.push(text))
  await ben.page.evaluate(`{
    const stack = document.querySelector('.stack')
    new MutationObserver(() => window.heardCount(stack.getAttribute('aria-label'))).observe(stack, { attributes: true, childList: true })
  }`)
  await ada.message.fill('half a sent')
  door.retarget(right.port)
  await left.kill('SIGTERM')
  await ada.page.keyboard.type('ence')
  await expect.poll(() => serverOf(ada), { timeout: 90_000 }).toBe('right')
  expect(await ada.message.inputValue()).toBe('half a sentence')
  await ada.message.press('Enter')
  await ben.messages.filter({ hasText: 'half a sentence' }).waitFor()
  expect(counts.filter((text) => !text.startsWith('2 '))).toEqual([])
})
