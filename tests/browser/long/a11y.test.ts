import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { seriousInBothThemes } from '../../support/axe.ts'
import { browserSuite } from '../../support/browser-suite.ts'
import type { RoomPage } from '../../support/room-page.ts'
import { setStage } from '../../support/scene/stage.ts'
import { VIEWS } from '../../support/scene/views.ts'
import { startServerProcess, type ServerProcess } from '../../support/test-server.ts'

const suite = browserSuite()
const WIDE = { viewport: { width: 1440, height: 860 } }

test(
  '[U43] axe finds nothing serious in any view of a busy room, in both themes',
  { timeout: 240_000 },
  async () => {
    const { person, cast, strike } = await setStage(suite.browser, {
      company: 'people',
      content: 'busy',
      context: WIDE,
    })
    suite.after(strike)
    const found: string[] = []
    for (const view of VIEWS) {
      await view.open(person.page)
      if (view.name === 'note') cast.writeNote()
      for (const text of await seriousInBothThemes(person.page, view.region))
        found.push(`${view.name}: ${text}`)
      await view.close(person.page)
    }
    expect(found).toEqual([])
  },
)

describe('[U41] with the keyboard alone', () => {
  let server: ServerProcess
  beforeAll(async () => {
    server = await startServerProcess({ built: true })
  })
  afterAll(() => server.kill('SIGKILL'))

  interface Stop {
    readonly name: string
    readonly shows: boolean
  }

  /** What has the focus: its name, and whether one sees that it has. */
  const focusedStop = (page: Page): Promise<Stop | undefined> =>
    page.evaluate(() => {
      const element = document.activeElement
      if (!(element instanceof HTMLElement) || element === document.body) return undefined
      const ringOf = (each: Element, pseudo?: string): boolean => {
        const style = getComputedStyle(each, pseudo)
        const outlined = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1
        const bordered = pseudo !== undefined && Number.parseFloat(style.borderTopWidth) >= 1
        return outlined || bordered
      }
      const box = element.closest('.compose, .cursor-field, .swatch')
      const boxed = box !== null && (ringOf(box) || getComputedStyle(box).boxShadow.includes('2px inset'))
      const name =
        element.getAttribute('aria-label') ??
        element
          .getAttribute('aria-labelledby')
          ?.split(' ')
          .map((id) => document.getElementById(id)?.textContent)
          .join(' ') ??
        element.textContent ??
        ''
      const withoutTime = name.trim().replace(/\d+:\d+.*/, 'time')
      return {
        name: withoutTime || element.tagName,
        shows: ringOf(element) || ringOf(element, '::after') || boxed,
      }
    })

  /** Everything Tab reaches, from the top of the page to its end. */
  async function tabWalk({ page }: RoomPage): Promise<readonly Stop[]> {
    const stops: Stop[] = []
    // wherever the focus was: the first thing on the page
    await page.locator('.skip-link').focus()
    const first = await focusedStop(page)
    // it is on the page only while it has the focus, which a test of its own looks at
    if (first !== undefined) stops.push({ ...first, shows: true })
    for (let press = 0; press < 60; press += 1) {
      await page.keyboard.press('Tab')
      const stop = await focusedStop(page)
      if (stop === undefined || stop.name === first?.name) return stops
      stops.push(stop)
    }
    throw new Error(`Tab never came to an end: ${stops.map(({ name }) => name).join(' → ')}`)
  }

  test('Tab reaches everything in a sensible order, and one sees where it is', async () => {
    const ada = await suite.enter(server.url, 'walk', {
      ...WIDE,
      colorScheme: 'light',
      reducedMotion: 'reduce',
    })
    await ada.setProfile({ name: 'Ada' })
    await ada.page.getByText('This board is empty').waitFor()
    await ada.page.locator('.say').waitFor()
    const alone = await tabWalk(ada)
    expect(alone.map(({ name }) => name)).toMatchInlineSnapshot(`
      [
        "Skip to the board",
        "Roomful: go to the lobby",
        "Walk",
        "All changes saved",
        "You, Ada: change name and colour",
        "Share this room",
        "Use the dark theme",
        "Hide the side panel",
        "Add starter cards",
        "Copy the link to invite others",
        "Open a second window",
        "Say something at your cursor",
        "Select",
        "Move the board",
        "New card",
        "Zoom out",
        "Zoom 27 %, set to 100 %",
        "Zoom in",
        "Fit all",
        "Keyboard shortcuts",
        "Chat",
        "Copy link",
        "Message",
        "Send",
      ]
    `)
    expect(alone.filter(({ shows }) => !shows)).toEqual([])
    await ada.createCard('Onboarding', { x: 400, y: 300 })
    await ada.message.fill('hello')
    await ada.message.press('Enter')
    await ada.settled()
    await ada.page.getByText('All changes saved').waitFor()
    const busy = await tabWalk(ada)
    expect(busy.map(({ name }) => name)).toMatchInlineSnapshot(`
      [
        "Skip to the board",
        "Roomful: go to the lobby",
        "Walk",
        "All changes saved",
        "You, Ada: change name and colour",
        "Share this room",
        "Use the dark theme",
        "Hide the side panel",
        "Onboarding",
        "Sand",
        "Say something at your cursor",
        "Select",
        "Move the board",
        "New card",
        "Undo",
        "Zoom out",
        "Zoom 72 %, set to 100 %",
        "Zoom in",
        "Fit all",
        "Zoom to selection",
        "Keyboard shortcuts",
        "Chat",
        "Ada, time",
        "Edit",
        "Delete",
        "Copy link to message",
        "Message",
        "Send",
      ]
    `)
    expect(busy.filter(({ shows }) => !shows)).toEqual([])
  })

  test('the skip link leads past the bar onto the board', async () => {
    const ada = await suite.enter(server.url, 'skip', WIDE)
    await ada.page.keyboard.press('Tab')
    const link = ada.page.getByRole('link', { name: 'Skip to the board' })
    expect(await link.evaluate((each) => each === document.activeElement)).toBe(true)
    await expect
      .poll(() => link.evaluate((each) => each.getBoundingClientRect().top))
      .toBeGreaterThanOrEqual(0)
    await ada.page.keyboard.press('Enter')
    expect(await ada.page.evaluate(() => document.activeElement?.id)).toBe('board')
  })

  test('popovers take the focus, keep Tab inside, and give it back', async () => {
    const ada = await suite.enter(server.url, 'popovers', WIDE)
    const buttons = await ada.page.locator('.top-bar [aria-haspopup="dialog"]').all()
    expect(buttons.length).toBeGreaterThanOrEqual(3)
    for (const [index, button] of buttons.entries()) {
      await button.focus()
      await ada.page.keyboard.press('Enter')
      const panel = ada.page.locator('.top-bar [role="dialog"]')
      await panel.waitFor()
      const isInside = (): Promise<boolean> => panel.evaluate((each) => each.contains(document.activeElement))
      await expect.poll(isInside, { message: `popover ${index}` }).toBe(true)
      const stops = await panel.locator('a, button, input').count()
      for (let press = 0; press < Math.min(stops + 2, 12); press += 1) {
        await ada.page.keyboard.press(press % 5 === 4 ? 'Shift+Tab' : 'Tab')
        expect(await isInside(), `popover ${index} after ${press + 1} presses`).toBe(true)
      }
      await ada.page.keyboard.press('Escape')
      await panel.waitFor({ state: 'detached' })
      expect(await button.evaluate((each) => each === document.activeElement)).toBe(true)
    }
  })
})
