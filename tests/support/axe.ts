import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { stillView } from './scene/views.ts'

const THEMES = ['light', 'dark'] as const

/**
 * What axe finds serious or critical inside `where`, in both themes: each as rule, element and what is wrong.
 *
 * @example expect(await seriousInBothThemes(page, 'body')).toEqual([])
 */
export async function seriousInBothThemes(page: Page, where: string): Promise<string[]> {
  const found = []
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme })
    // the theme matters to colours only
    for (const text of await seriousIn(page, where, theme === 'dark')) found.push(`${theme} ${text}`)
  }
  return found
}

async function seriousIn(page: Page, where: string, onlyColours: boolean): Promise<string[]> {
  await stillView(page)
  // one frame: without it axe opens a page of its own each time
  const axe = new AxeBuilder({ page }).setLegacyMode(true).include(where)
  const { violations } = await (onlyColours ? axe.withRules(['color-contrast']) : axe).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message}`).join('\n')}`)
}
