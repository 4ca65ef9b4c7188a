import { expect, test } from 'vitest'
import { seriousInBothThemes } from '../support/axe.ts'
import { browserSuite } from '../support/browser-suite.ts'
import { setStage } from '../support/scene/stage.ts'
import { VIEWS } from '../support/scene/views.ts'

const suite = browserSuite()
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const WIDE = { viewport: { width: 1440, height: 860 } }

test('[U43] on a phone axe finds nothing serious in any view of a busy room, in both themes', async () => {
  const context = PHONE
  const { person, cast, strike } = await setStage(suite.browser, {
    company: 'people',
    content: 'busy',
    context,
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
})

test.each([
  ['wide', WIDE],
  ['on a phone', PHONE],
])('[U43] axe finds nothing serious in an empty room, alone, offline and refused, %s', async (_, context) => {
  const stage = await setStage(suite.browser, { company: 'alone', content: 'empty', context })
  suite.after(() => stage.strike())
  const { page } = stage.person
  const found: string[] = []
  for (const view of VIEWS) {
    if (view.needsCards === true || view.needsPeople === true) continue
    await view.open(page)
    found.push(...(await seriousInBothThemes(page, view.region)))
    await view.close(page)
  }
  await stage.goOffline()
  found.push(...(await seriousInBothThemes(page, 'body')))
  await page.locator('button.status').click()
  await page.locator('[role="dialog"]').waitFor()
  found.push(...(await seriousInBothThemes(page, '[role="dialog"]')))
  await page.keyboard.press('Escape')
  await stage.refuse()
  found.push(...(await seriousInBothThemes(page, 'body')))
  expect(found).toEqual([])
})
