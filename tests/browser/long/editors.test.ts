import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { browserSuite } from '../../support/browser-suite.ts'
import { openVisitor } from '../../support/chromium.ts'
import { buildEditorPages } from '../../support/editors/pages.ts'
import { waitFor } from '../../support/wait.ts'

const suite = browserSuite()
let folder = ''
beforeAll(async () => {
  folder = await buildEditorPages()
})

async function open(address: string): Promise<Page> {
  const visitor = await openVisitor(suite.browser, address)
  suite.after(() => visitor.close())
  suite.after(() => expect(visitor.errors).toEqual([]))
  await visitor.page.locator('body[data-status="connected"]').waitFor()
  return visitor.page
}

const EDITORS = [
  { editor: 'codemirror', content: '.cm-content', caret: '.cm-ySelectionInfo' },
  { editor: 'tiptap', content: '.tiptap', caret: '.collaboration-carets__label' },
]

test.for(EDITORS)(
  'by changing one import, $editor works with the Roomful provider, beside one that kept y-websocket: text, carets and names both ways',
  async ({ editor, content, caret }) => {
    const server = await suite.serve({ env: { STATIC_DIR: folder } })
    const ada = await open(`${server.url}/${editor}-roomful.html?room=${editor}&name=Ada`)
    const bob = await open(`${server.url}/${editor}-stock.html?room=${editor}&name=Bob`)
    // carets and their labels are elements among the text
    const text = (page: Page): Promise<string> =>
      page.locator(content).evaluate((element, labels) => {
        const copy = element.cloneNode(true) as HTMLElement
        for (const label of copy.querySelectorAll(labels)) label.remove()
        return copy.textContent.replaceAll(/[\u2060\u200b]/g, '')
      }, caret)

    await ada.locator(content).click()
    await ada.keyboard.type('from the changed import')
    await waitFor('the text with y-websocket', async () =>
      (await text(bob)).includes('from the changed import'),
    )
    await bob.locator(caret, { hasText: 'Ada' }).waitFor({ state: 'attached' })

    await bob.locator(content).click()
    // at once: an editor that draws the caret of somebody else meanwhile may put the own one elsewhere
    await bob.keyboard.insertText('and back')
    await waitFor('the answer', async () => (await text(ada)).includes('and back'))
    expect(await text(ada)).toBe(await text(bob))
    await ada.locator(caret, { hasText: 'Bob' }).waitFor({ state: 'attached' })
  },
)
