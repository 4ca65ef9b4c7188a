import AxeBuilder from '@axe-core/playwright'
import { roomDoc } from '@roomful/shared'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { contrast, parseColor } from '../../support/color.ts'
import { FaultProxy } from '../../support/fault-proxy.ts'
import { connectRoomful } from '../../support/roomful-client.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { startServerProcess, type ServerProcess } from '../../support/test-server.ts'

const suite = browserSuite()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ built: true })
})
afterAll(() => server.kill('SIGKILL'))

const editor = (person: RoomPage): Locator => person.page.getByRole('textbox', { name: 'Shared note' })
const caretOf = (person: RoomPage, name: string): Locator =>
  person.page.locator('.note-caret').filter({ hasText: name })

/** Somebody with the note open and the keyboard in it. */
async function openNote(person: RoomPage): Promise<void> {
  await person.page.getByRole('tab', { name: 'Note' }).click()
  await editor(person).click()
}

/** The note's lines as they are drawn; names of carets are no part of the text. */
function textOf(person: RoomPage): Promise<string> {
  return editor(person).evaluate((content) =>
    [...content.querySelectorAll('.cm-line')]
      .map((line) => {
        const copy = line.cloneNode(true)
        if (copy instanceof Element) for (const caret of copy.querySelectorAll('.note-caret')) caret.remove()
        return copy.textContent ?? ''
      })
      .join('\n'),
  )
}

async function pair(room: string): Promise<readonly [RoomPage, RoomPage]> {
  const people = await Promise.all([suite.enter(server.url, room), suite.enter(server.url, room)])
  await Promise.all(people.map(openNote))
  return people
}

/** Presses Ctrl+Z until nothing is left to undo: on a slow machine a word is several steps. */
async function undoAll(person: RoomPage): Promise<void> {
  const undo = person.page.getByRole('button', { name: 'Undo in the note' })
  while (await undo.isEnabled()) await person.page.keyboard.press('Control+z')
}

const letters = (text: string): string => text.split('').toSorted().join('')

test('[U52] [U34] two people type in the note at once: one text, carets with names, and undo of the own part only', async () => {
  const [ada, ben] = await pair('together')
  const words = ['Ada was here. ', 'Ben was too. '] as const
  // a letter each in turn, each where they stand
  for (let index = 0; index < 14; index++) {
    await Promise.all([
      ada.page.keyboard.type(words[0][index] ?? ''),
      ben.page.keyboard.type(words[1][index] ?? ''),
    ])
  }
  await expect.poll(async () => letters(await textOf(ada))).toBe(letters(words.join('')))
  await expect.poll(() => textOf(ben)).toBe(await textOf(ada))

  for (const [here, there] of [
    [ada, ben],
    [ben, ada],
  ] as const) {
    const caret = caretOf(here, await there.userName())
    const label = caret.locator('.note-caret-label')
    await label.waitFor()
    const opacity = (): Promise<string> => label.evaluate((element) => getComputedStyle(element).opacity)
    const look = await label.evaluate((element) => {
      const { backgroundColor, color } = getComputedStyle(element)
      return { backgroundColor, color }
    })
    expect(contrast(look.color, look.backgroundColor)).toBeGreaterThanOrEqual(4.5)
    const person = await caret.evaluate((element) => getComputedStyle(element).getPropertyValue('--person'))
    expect(parseColor(look.backgroundColor)).toEqual(parseColor(person))
    // the name goes after a while, comes back under the pointer …
    await label.evaluate((element) => {
      for (const animation of element.getAnimations()) animation.finish()
    })
    await expect.poll(opacity).toBe('0')
    const box = await caret.boundingBox()
    await here.page.mouse.move((box?.x ?? 0) + 3, (box?.y ?? 0) + 8, { steps: 2 })
    await expect.poll(opacity).toBe('1')
    await here.page.mouse.move(20, 300)
    await label.evaluate((element) => {
      for (const animation of element.getAnimations()) animation.finish()
    })
    await expect.poll(opacity).toBe('0')
    // … and shows anew when the caret moves
    await expect
      .poll(async () => {
        await there.page.keyboard.press('ArrowLeft')
        return opacity()
      })
      .toBe('1')
  }

  await undoAll(ben)
  await expect.poll(() => textOf(ada)).toBe(words[0])
  await expect.poll(() => textOf(ben)).toBe(words[0])
  const redo = ben.page.getByRole('button', { name: 'Redo in the note' })
  while (await redo.isEnabled()) await redo.click()
  await expect.poll(async () => letters(await textOf(ada))).toBe(letters(words.join('')))
})

test('[U34] undo in the note leaves the board alone, and the board’s leaves the note', async () => {
  const ada = await suite.enter(server.url, 'two-histories')
  await ada.createCard('on the board', { x: 300, y: 250 })
  await openNote(ada)
  await ada.page.keyboard.type('in the note')
  await undoAll(ada)
  await ada.page.keyboard.press('Control+z')
  await expect.poll(() => textOf(ada)).not.toContain('in the note')
  expect(await ada.cards.count()).toBe(1)
  await expect
    .poll(async () => {
      await ada.page.keyboard.press('Control+Shift+Z')
      return textOf(ada)
    })
    .toBe('in the note')
  const undo = ada.page.getByRole('button', { name: 'Undo', exact: true })
  while (await undo.isEnabled()) await undo.click()
  await expect.poll(() => ada.cards.count()).toBe(0)
  expect(await textOf(ada)).toBe('in the note')
})

test('[U59] the note counts who edits, says where each of them is, and goes there', async () => {
  const writer = connectRoomful(server.wsUrl, 'where')
  suite.after(() => writer.destroy())
  roomDoc(writer.doc).note.insert(
    0,
    Array.from({ length: 2_400 }, (_, line) => `line ${line + 1}`).join('\n'),
  )
  const [ada, ben] = await pair('where')
  const eve = await suite.enter(server.url, 'where')
  const count = (): Promise<string | null> => ada.page.locator('.note-editors p').textContent()
  await expect.poll(count).toBe('1 other editing')
  await openNote(eve)
  await expect.poll(count).toBe('2 others editing')

  await ada.page.keyboard.press('Control+Home')
  await ben.page.keyboard.press('Control+End')
  await eve.page.keyboard.press('Control+Home')
  await eve.page.keyboard.press('ArrowDown')
  await eve.page.keyboard.press('End')
  const list = ada.page.getByRole('list', { name: 'Others editing the note' })
  const places = [
    `${await ben.userName()}, line 2400, column 10: go there`,
    `${await eve.userName()}, line 2, column 7: go there`,
  ]
  await expect
    .poll(async () =>
      (
        await list
          .getByRole('button')
          .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
      ).toSorted(),
    )
    .toEqual(places.toSorted())
  // only what is in sight of a long text is drawn
  expect(await ada.page.locator('.cm-line').count()).toBeLessThan(200)
  await expect.poll(() => ada.page.locator('.note-place').textContent()).toBe('Line 1, column 1')

  const toBen = list.getByRole('button', { name: /line 2400/ })
  expect(await toBen.textContent()).toContain('2400:10')
  await toBen.click()
  await ada.page.locator('.note-flash').filter({ hasText: 'line 2400' }).waitFor()
  await expect.poll(() => caretOf(ada, '').count()).toBe(1)
  // one's own caret stays where it was
  expect(await ada.page.locator('.note-place').textContent()).toBe('Line 1, column 1')

  await eve.page.getByRole('tab', { name: 'Chat' }).click()
  await expect.poll(count).toBe('1 other editing')
})

test('[U30] [U28] what two people write into the note offline is all there when they are back', async () => {
  const proxy = await FaultProxy.start(server.port)
  suite.after(() => proxy.close())
  const address = `http://127.0.0.1:${proxy.port}`
  const people = await Promise.all([suite.enter(address, 'offline'), suite.enter(address, 'offline')])
  const [ada, ben] = people
  await openNote(ada)
  await ada.page.keyboard.type('shared ')
  await openNote(ben)
  await expect.poll(() => textOf(ben)).toBe('shared ')
  await ben.page.keyboard.press('Control+Home')
  proxy.refuse(true)
  proxy.cut()
  await ada.page.keyboard.type('end')
  await ben.page.keyboard.type('start ')
  expect(await textOf(ada)).toBe('shared end')
  expect(await textOf(ben)).toBe('start shared ')
  proxy.heal()
  for (const person of people) await expect.poll(() => textOf(person)).toBe('start shared end')
  // each caret is still where its writer was
  for (const person of people) await person.page.keyboard.type('!')
  for (const person of people) await expect.poll(() => textOf(person)).toBe('start !shared end!')
})

test('[U41] [U43] the note by keyboard: reached by arrows, left by Esc and Tab; axe finds nothing serious', async () => {
  const ada = await suite.enter(server.url, 'keys', { colorScheme: 'light' })
  const { page } = ada
  await page.getByRole('tab', { name: 'Chat' }).focus()
  await page.keyboard.press('End')
  await editor(ada).waitFor()
  expect(await page.getByRole('tab', { name: 'Note', selected: true }).count()).toBe(1)
  await editor(ada).focus()
  await page.keyboard.type('- one\ntwo')
  // the list went on by itself, and Tab indents
  await page.keyboard.press('Tab')
  await expect.poll(() => textOf(ada)).toBe('- one\n  - two')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  expect(await editor(ada).evaluate((element) => element === document.activeElement)).toBe(false)
  expect(await textOf(ada)).toBe('- one\n  - two')
  await page.keyboard.press('Shift+Tab')
  expect(await editor(ada).evaluate((element) => element === document.activeElement)).toBe(true)
  await page.keyboard.type('# Heading, **bold**, `code`, [link](https://example.com)\n> quote')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-theme="${colorScheme}"]`).waitFor()
    const found = await new AxeBuilder({ page }).include('.panel').analyze()
    expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  }
})

test('[U46] on a phone the note takes the sheet’s full height, four tabs fit into 320 px, and the chat gets its height back', async () => {
  const ada = await suite.enter(server.url, 'phone', {
    viewport: { width: 320, height: 640 },
    hasTouch: true,
    isMobile: true,
  })
  const panel = ada.page.getByRole('complementary', { name: 'Side panel' })
  expect(await panel.getAttribute('data-sheet')).toBe('half')
  const ben = await suite.enter(server.url, 'phone')
  await ada.page.getByRole('tab', { name: 'People' }).tap()
  for (let message = 0; message < 3; message++) {
    await ben.message.fill('hello')
    await ben.message.press('Enter')
  }
  // the badge is there, and still everything fits
  await ada.page.locator('.tab .badge').waitFor()
  const edges = await ada.page
    .locator('.tab')
    .evaluateAll((tabs) =>
      tabs.map((tab) => tab.getBoundingClientRect()).map(({ left, right }) => [left, right]),
    )
  expect(edges).toHaveLength(4)
  for (const [left, right] of edges) {
    expect(left).toBeGreaterThanOrEqual(0)
    expect(right).toBeLessThanOrEqual(320)
  }
  await ada.page.getByRole('tab', { name: 'Note' }).tap()
  await expect.poll(() => panel.getAttribute('data-sheet')).toBe('full')
  await expect.poll(() => ada.page.locator('.tools').isVisible()).toBe(false)
  await editor(ada).tap()
  await ada.page.keyboard.insertText(
    'a long line that has to be wrapped because a phone is narrow '.repeat(4),
  )
  expect(await ada.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  const scroller = ada.page.locator('.cm-scroller')
  expect(await scroller.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
  await ada.page.getByRole('tab', { name: /^Chat/ }).tap()
  await expect.poll(() => panel.getAttribute('data-sheet')).toBe('half')
})

test('wide, the note widens the panel beside a board that stays usable, and is found again after a reload', async () => {
  const ada = await suite.enter(server.url, 'wide', { viewport: { width: 1280, height: 800 } })
  const panel = ada.page.getByRole('complementary', { name: 'Side panel' })
  const width = async (): Promise<number> => Math.round((await panel.boundingBox())?.width ?? 0)
  await expect.poll(width).toBe(344)
  await openNote(ada)
  await expect.poll(width).toBe(512)
  await ada.createCard('beside the note', { x: 300, y: 250 })
  await ada.page.reload()
  await editor(ada).waitFor()
  expect(await width()).toBe(512)
  await ada.page.getByRole('tab', { name: 'Chat' }).click()
  await expect.poll(width).toBe(344)
})

test('the editor’s code is not part of the first load', async () => {
  const seen = new Map<string, string>()
  const follow = async (path: string): Promise<void> => {
    if (seen.has(path)) return
    const code = await (await fetch(new URL(path, server.url))).text()
    seen.set(path, code)
    for (const [, next = ''] of code.matchAll(
      /(?:^|[;}])(?:import|export)\b[^'"`;()]*?["'](\.\/[^"']+\.js)["']/g,
    ))
      await follow(new URL(next, new URL(path, server.url)).pathname)
  }
  const html = await (await fetch(server.url)).text()
  for (const [, path = ''] of html.matchAll(/(?:src|href)="([^"]+\.js)"/g)) await follow(path)
  expect(seen.size).toBeGreaterThan(0)
  for (const [path, code] of seen) expect(code.includes('cm-content'), path).toBe(false)
})
