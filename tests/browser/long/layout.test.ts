import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { takeScreenshot } from '../../support/chromium.ts'
import { connectRoomful } from '../../support/roomful-client.ts'
import { setStage, type Stage } from '../../support/scene/stage.ts'
import { stillView, VIEWS } from '../../support/scene/views.ts'
import { startServerProcess, type ServerProcess } from '../../support/test-server.ts'
import { Chat, presenceOf } from '@roomful/provider'
import { createUser } from '@roomful/shared'

const suite = browserSuite()
const phone = (width: number, height: number) => ({
  viewport: { width, height },
  isMobile: true,
  hasTouch: true,
})

/** What sticks out sideways: of the page, or of what is to stay inside it. */
function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const found: string[] = []
    if (document.documentElement.scrollWidth > width) found.push('the page')
    for (const part of document.querySelectorAll(
      '.top-bar, .panel, .tabs, .log, .compose, .popover, dialog[open], .dialog-head, .tools, .card-bar, .people, .banner, .notice-card',
    )) {
      const { left, right } = part.getBoundingClientRect()
      if (left < -1 || right > width + 1) found.push(`${part.className}: ${left} to ${right} of ${width}`)
      if (part.scrollWidth > part.clientWidth + 1 && !part.matches('.tabs'))
        found.push(`${part.className}: ${part.scrollWidth} in ${part.clientWidth}`)
    }
    return found
  })
}

/** Visible controls inside `where` that a finger cannot hit: less than 44 px of them answer, across or down. */
function tooSmall(page: Page, where: string): Promise<string[]> {
  return page.evaluate((region) => {
    const ENOUGH_PX = 44
    const found: string[] = []
    const root = document.querySelector(region) ?? document.body
    for (const control of root.querySelectorAll<HTMLElement>(
      'button:not(:disabled), a[href], label.swatch, [cmdk-item]',
    )) {
      if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      // links inside a text are as high as the text, which WCAG 2.5.8 exempts
      if (control.matches('p a, .skip-link') || control.closest('[inert]') !== null) continue
      const box = control.getBoundingClientRect()
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
      const answers = (px: number, py: number): boolean => control.contains(document.elementFromPoint(px, py))
      // scrolled out, or under something that was opened over it
      if (!answers(x, y)) continue
      /** How far it answers from its middle, one way. */
      const reach = (dx: number, dy: number): number => {
        let px = 0
        while (px < ENOUGH_PX && answers(x + dx * px, y + dy * px)) px += 0.5
        return px
      }
      const [left, right, up, down] = [reach(-1, 0), reach(1, 0), reach(0, -1), reach(0, 1)]
      const isCut = y - up < 1 || y + down > innerHeight - 1 || isScrolledPartly(control)
      if (left + right < ENOUGH_PX - 1 || (!isCut && up + down < ENOUGH_PX - 1))
        found.push(
          `${control.getAttribute('aria-label') ?? control.textContent}: ${left + right} x ${up + down}`,
        )
    }
    return found

    /** Half out of what scrolls around it. */
    function isScrolledPartly(control: Element): boolean {
      const { top, bottom } = control.getBoundingClientRect()
      for (let parent = control.parentElement; parent !== null; parent = parent.parentElement) {
        if (getComputedStyle(parent).overflowY === 'visible') continue
        const around = parent.getBoundingClientRect()
        if (top < around.top || bottom > around.bottom) return true
      }
      return false
    }
  }, where)
}

test.each([
  [390, 844],
  [320, 640],
])(
  '[U46] on a phone %i px wide nothing scrolls sideways and every control is big enough for a finger',
  { timeout: 240_000 },
  async (width, height) => {
    const stage: Stage = await setStage(suite.browser, {
      company: 'people',
      content: 'busy',
      context: phone(width, height),
    })
    suite.after(() => stage.strike())
    const { page } = stage.person
    const found: string[] = []
    for (const view of VIEWS) {
      await view.open(page)
      await stillView(page)
      for (const text of [...(await overflows(page)), ...(await tooSmall(page, view.region))])
        found.push(`${view.name}: ${text}`)
      await view.close(page)
    }
    expect(found).toEqual([])
  },
)

describe('[U46] [U47] in a room of extremes', () => {
  const LONG = 'W'.repeat(28)
  const RTL = 'مريم عبد الرحمن'
  let server: ServerProcess
  beforeAll(async () => {
    server = await startServerProcess({ built: true })
    const people = [
      ['long', LONG],
      ['rtl', RTL],
      ['emoji', '🦊🦉🐙👩‍👩‍👧‍👦🦊🦉🐙'],
    ] as const
    for (const [id, name] of people) {
      const { provider, destroy } = connectRoomful(server.wsUrl, 'extremes', {
        user: createUser(id, name, '#00855f'),
      })
      stay.push(destroy)
      const chat = new Chat(provider)
      chat.send('x'.repeat(2_000))
      chat.send('שלום לכולם, איך הולך? 👩‍👩‍👧‍👦 hello')
      chat.send(`${'🦊'.repeat(300)} https://example.org/${'a'.repeat(300)}`)
      presenceOf(provider).setTyping(true)
    }
  })
  const stay: (() => void)[] = []
  afterAll(async () => {
    for (const leave of stay) leave()
    await server.kill('SIGKILL')
  })

  test.each([
    ['wide', { viewport: { width: 1440, height: 860 } }],
    ['320', phone(320, 640)],
    ['zoom-200', { viewport: { width: 720, height: 430 }, deviceScaleFactor: 2 }],
  ])(
    'long names, 2,000 characters, emoji and right-to-left text stay in their places: %s',
    async (name, context) => {
      const ada = await suite.enter(server.url, 'extremes', { ...context, reducedMotion: 'reduce' })
      await ada.messages.first().waitFor({ state: 'attached' })
      await ada.setProfile({ name: LONG })
      await stillView(ada.page)
      expect(await overflows(ada.page)).toEqual([])
      expect(await ada.page.evaluate(() => getComputedStyle(document.body).direction)).toBe('ltr')
      await takeScreenshot(ada.page, `layout-${name}-chat`)
      for (const tab of ['People', 'Activity']) {
        await ada.page.locator('.tab', { hasText: tab }).click()
        await stillView(ada.page)
        expect(await overflows(ada.page)).toEqual([])
      }
      await takeScreenshot(ada.page, `layout-${name}-activity`)
    },
  )

  test('letters twice as large push nothing out', async () => {
    const ada = await suite.enter(server.url, 'extremes', { viewport: { width: 1440, height: 860 } })
    await ada.messages.first().waitFor({ state: 'attached' })
    const before = await ada.messages
      .locator('p')
      .last()
      .evaluate((text) => getComputedStyle(text).fontSize)
    await ada.page.evaluate(() => (document.documentElement.style.fontSize = '200%'))
    await stillView(ada.page)
    const after = await ada.messages
      .locator('p')
      .last()
      .evaluate((text) => getComputedStyle(text).fontSize)
    expect(Number.parseFloat(after)).toBe(2 * Number.parseFloat(before))
    expect(await overflows(ada.page)).toEqual([])
    await takeScreenshot(ada.page, 'layout-letters-200')
    await ada.page.getByRole('button', { name: /^You, / }).click()
    await stillView(ada.page)
    expect(await overflows(ada.page)).toEqual([])
  })
})

test('[U46] what is written stays in sight above an on-screen keyboard', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'keyboard', phone(390, 844))
  await ada.message.tap()
  // Chromium resizes the page for its keyboard; others only the visual viewport: both end in its resize event
  await ada.page.setViewportSize({ width: 390, height: 480 })
  await expect
    .poll(() =>
      ada.page.evaluate(() => {
        const field = document.querySelector('.compose')?.getBoundingClientRect()
        return field !== undefined && field.top > 0 && field.bottom <= (visualViewport?.height ?? 0)
      }),
    )
    .toBe(true)
  expect(await ada.message.evaluate((field) => field === document.activeElement)).toBe(true)
  await takeScreenshot(ada.page, 'layout-keyboard')
})

test('[U44] with reduced motion nothing moves by itself: no pulsing dots, no spinner, no gliding', async () => {
  const stage = await setStage(suite.browser, {
    company: 'people',
    content: 'busy',
    context: { viewport: { width: 1440, height: 860 }, reducedMotion: 'reduce' },
  })
  suite.after(() => stage.strike())
  const { page } = stage.person
  const moving = (): Promise<string[]> =>
    page.evaluate(async () => {
      const frames: string[] = []
      for (let frame = 0; frame < 20; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve))
        for (const each of document.getAnimations()) {
          const { duration, iterations } = each.effect?.getTiming() ?? {}
          if (iterations === Infinity || Number(duration) > 1)
            frames.push(`${each instanceof CSSAnimation ? each.animationName : 'transition'} ${duration}`)
        }
      }
      return frames
    })
  await page.getByText('are typing').waitFor()
  expect(await moving()).toEqual([])
  // what usually glides is there at once
  const world = page.locator('.world')
  await page.getByRole('button', { name: 'Zoom in' }).click()
  const after = await world.evaluate((each) => each.style.transform)
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
  expect(await world.evaluate((each) => each.style.transform)).toBe(after)
  await page.locator('button.status').click()
  await page.locator('[role="dialog"]').waitFor()
  expect(await moving()).toEqual([])
  const smooth = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((each) => getComputedStyle(each).scrollBehavior === 'smooth')
      .map(({ className }) => className),
  )
  expect(smooth).toEqual([])
  await page.keyboard.press('Escape')
  await stage.goOffline()
  expect(await moving()).toEqual([])
})
