import { expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { takeScreenshot } from '../../support/chromium.ts'

const suite = browserSuite()

test('[U13] what is said near the lower edge stands above the tools, for who says it and for who reads it', async () => {
  const server = await suite.serve()
  const ada = await suite.enter(server.url, 'low')
  const ben = await suite.enter(server.url, 'low')
  const adaId = await ada.userId()
  const tools = await ada.page.locator('.tools').boundingBox()
  const board = await ada.board.boundingBox()
  if (tools === null || board === null) throw new Error('no board')
  for (const y of [tools.y - board.y - 30, board.height - 6]) {
    await ada.board.hover({ position: { x: tools.x + tools.width / 2 - 40, y }, force: true })
    await ada.page.keyboard.press('/')
    await ada.page.keyboard.type('Can everybody read this line down here?')
    const said = ben.cursorOf(adaId).locator('.cursor-label[data-saying]')
    await said.getByText('Can everybody read this line down here?').waitFor()
    for (const label of [ada.page.locator('.cursor-bubble'), said]) {
      await expect
        .poll(async () => {
          const box = await label.boundingBox()
          return box !== null && box.y + box.height <= tools.y
        })
        .toBe(true)
    }
    await takeScreenshot(ada.page, `stranger/said-low-${Math.round(y)}`)
    await takeScreenshot(ben.page, `stranger/read-low-${Math.round(y)}`)
    await ada.page.keyboard.press('Escape')
    await said.waitFor({ state: 'detached' })
  }
})
