import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { setStage } from './stage.ts'
import { stillView } from './views.ts'

/** Takes the pictures of the README: the busy room wide in both themes, and on a phone. */
export async function takeReadme(browser: Browser, folder: string): Promise<readonly string[]> {
  const files: string[] = []
  const wide = await setStage(browser, {
    company: 'people',
    content: 'busy',
    context: { viewport: { width: 1440, height: 860 } },
  })
  try {
    for (const [theme, name] of [
      ['light', 'room.png'],
      ['dark', 'room-dark.png'],
    ] as const) {
      await wide.person.page.emulateMedia({ colorScheme: theme })
      await stillView(wide.person.page)
      files.push(join(folder, name))
      await wide.person.page.screenshot({ path: join(folder, name) })
    }
  } finally {
    await wide.strike()
  }
  const phone = await setStage(browser, {
    company: 'people',
    content: 'busy',
    context: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  })
  try {
    await stillView(phone.person.page)
    files.push(join(folder, 'phone.png'))
    await phone.person.page.screenshot({ path: join(folder, 'phone.png') })
  } finally {
    await phone.strike()
  }
  return files
}
