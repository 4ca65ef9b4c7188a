import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import { contrast } from '../support/color.ts'
import { takeScreenshot } from '../support/chromium.ts'
import type { RoomPage } from '../support/room-page.ts'

const suite = browserSuite()

const theme = (person: RoomPage): Promise<string | undefined> =>
  person.page.evaluate(() => document.documentElement.dataset['theme'])
const background = (person: RoomPage): Promise<string> =>
  person.page.evaluate(() => getComputedStyle(document.body).backgroundColor)

test.each(['light', 'dark'] as const)(
  '[U45] with a %s system the app is so from its first paint',
  async (scheme) => {
    const server = await suite.serve()
    const ada = await suite.enter(server.url, 'theme', { colorScheme: scheme })
    // what the very first frame of a fresh load shows, recorded before the app's own script runs
    await ada.page.addInitScript(() => {
      requestAnimationFrame(() => {
        const shown = { theme: document.documentElement.dataset['theme'] }
        Object.assign(globalThis, { firstFrame: shown })
      })
    })
    await ada.page.reload()
    await ada.settled()
    expect(await ada.page.evaluate('firstFrame.theme')).toBe(scheme)
    expect(contrast(await background(ada), scheme === 'dark' ? '#000000' : '#ffffff')).toBeLessThan(1.3)
    await takeScreenshot(ada.page, `theme-${scheme}`)
  },
)

test('[U45] the toggle switches, is remembered, and wins over the system', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'toggle', { colorScheme: 'light' })
  await ada.page.getByRole('button', { name: 'Use the dark theme' }).click()
  await expect.poll(() => theme(ada)).toBe('dark')
  await ada.page.reload()
  await ada.settled()
  expect(await theme(ada)).toBe('dark')
  await ada.page.getByRole('button', { name: 'Use the light theme' }).click()
  await expect.poll(() => theme(ada)).toBe('light')
  await ada.page.emulateMedia({ colorScheme: 'dark' })
  expect(await theme(ada)).toBe('light')
  // round again: the third choice is to follow the system, at once and from then on
  await ada.page.getByRole('button', { name: 'Use the dark theme' }).click()
  await ada.page.getByRole('button', { name: 'Use the system’s theme' }).click()
  await expect.poll(() => theme(ada)).toBe('dark')
  await ada.page.emulateMedia({ colorScheme: 'light' })
  await expect.poll(() => theme(ada)).toBe('light')
})

test('[U45] the app is usable in forced colours', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'forced', { forcedColors: 'active' })
  const id = await ada.createCard('High contrast', { x: 400, y: 250 })
  const border = await ada.card(id).evaluate((card) => getComputedStyle(card).borderTopWidth)
  const outline = await ada.card(id).evaluate((card) => getComputedStyle(card).outlineStyle)
  // shadows and backgrounds are gone there: a card needs a line of its own
  expect(border !== '0px' || outline !== 'none').toBe(true)
  // and so do controls; the papers to choose from keep their colours
  const compose = await ada.page.locator('.compose').evaluate((box) => getComputedStyle(box).borderTopWidth)
  expect(compose).not.toBe('0px')
  const papers = await ada.page
    .locator('.card-bar .paper-swatch i')
    .evaluateAll((all) => all.map((paper) => getComputedStyle(paper).backgroundColor))
  expect(new Set(papers).size).toBe(6)
  await takeScreenshot(ada.page, 'forced-colors')
})
