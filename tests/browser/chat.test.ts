import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import type { RoomPage } from '../support/room-page.ts'
import { waitFor } from '../support/wait.ts'

const suite = browserSuite()

const texts = (person: RoomPage): Promise<string[]> => person.messages.locator('p').allTextContents()
const typingLine = async (person: RoomPage): Promise<string> =>
  (await person.page.locator('.typing').textContent())?.trim() ?? ''

test('[U20] Enter sends, Shift+Enter breaks the line, and both people read the message', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'chat')
  const ben = await suite.enter(server.url, 'chat')
  await ada.message.pressSequentially('first line')
  await ada.message.press('Shift+Enter')
  await ada.message.pressSequentially('second line')
  expect(await texts(ada)).toEqual([])
  await ada.message.press('Enter')
  await expect.poll(() => texts(ben)).toEqual(['first line\nsecond line'])
  expect(await ada.message.inputValue()).toBe('')
})

test('[U20] an Enter that ends an input method composition does not send', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'ime')
  await ada.message.fill('にほん')
  await ada.message.dispatchEvent('compositionstart')
  await ada.message.press('Enter')
  expect(await ada.messages.count()).toBe(0)
  await ada.message.dispatchEvent('compositionend')
  await ada.message.press('Enter')
  await expect.poll(() => texts(ada)).toHaveLength(1)
})

test('[U20] an own message is there at once, while the server says nothing', async () => {
  const server = await suite.serve()
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
  const server = await suite.serve()
  const people = []
  for (const name of ['Reader', 'Ada', 'Ben', 'Cleo']) {
    const person = await suite.enter(server.url, 'typing')
    await person.setProfile({ name })
    people.push(person)
  }
  const [reader, ada, ben, cleo] = people as [RoomPage, RoomPage, RoomPage, RoomPage]
  await ada.message.pressSequentially('h')
  await expect.poll(() => typingLine(reader)).toBe('Ada is typing')
  await ben.message.pressSequentially('h')
  // the first one may stop meanwhile on a slow machine: writing on keeps the line
  await ada.message.pressSequentially('e')
  await expect.poll(() => typingLine(reader)).toBe('Ada and Ben are typing')
  await Promise.all([ada, ben, cleo].map((person) => person.message.pressSequentially('x')))
  await expect.poll(() => typingLine(reader)).toBe('Several people are typing')
  await Promise.all([ada, ben, cleo].map((person) => person.message.press('Enter')))
  await expect.poll(() => typingLine(reader)).toBe('')
  expect(await reader.messages.count()).toBe(3)
})

test('[U22] typing is taken back when the writer stops', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'stops')
  const ben = await suite.enter(server.url, 'stops')
  await ada.setProfile({ name: 'Ada' })
  await ada.message.pressSequentially('hm')
  await expect.poll(() => typingLine(ben)).toBe('Ada is typing')
  await waitFor('the line to be empty again', async () => (await typingLine(ben)) === '', 15_000)
  expect(await ada.message.inputValue()).toBe('hm')
})

test('[U23] links are clickable and harmless', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'links')
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

test('[U24] unread messages are counted where the chat is not looked at, and seen when it is', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'unread')
  const ben = await suite.enter(server.url, 'unread')
  await ben.page.getByRole('tab', { name: /^People/ }).click()
  await expect.poll(() => ben.page.locator('[data-tab="people"] .count').textContent()).toBe('2')
  for (const text of ['one', 'two']) {
    await ada.message.fill(text)
    await ada.message.press('Enter')
  }
  const badge = ben.page.locator('[data-tab="chat"] .badge')
  await expect.poll(() => badge.textContent()).toBe('2')
  await ben.page.getByRole('tab', { name: /^Chat/ }).click()
  await expect.poll(() => badge.count()).toBe(0)
  await expect.poll(() => texts(ben)).toEqual(['one', 'two'])
})
