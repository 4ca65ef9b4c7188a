import type { Locator, Page } from 'playwright-core'

/** Something of the app to look at: how to bring it up, and how to put it away. */
export interface View {
  readonly name: string
  /** Needs cards on the board. */
  readonly needsCards?: boolean
  /** Needs others in the room. */
  readonly needsPeople?: boolean
  /** The part of the page it is about: what is behind it is there in every other view too. */
  readonly region: string
  readonly open: (page: Page) => Promise<void>
  readonly close: (page: Page) => Promise<void>
}

const stay = async (): Promise<void> => {}
const escape = (page: Page): Promise<void> => page.keyboard.press('Escape')

const dialog = (page: Page): Locator => page.locator('[role="dialog"], dialog[open]').first()
const closeDialog = async (page: Page): Promise<void> => {
  await escape(page)
  await dialog(page).waitFor({ state: 'detached' })
}

const tab = (name: string): View => ({
  name: name.toLowerCase(),
  region: '.panel',
  async open(page) {
    await page.locator('.tab', { hasText: name }).click()
    await page.locator(`.tab[aria-selected="true"]`, { hasText: name }).waitFor()
  },
  async close(page) {
    await page.locator('.tab', { hasText: 'Chat' }).click()
  },
})

const popover = (name: string, button: string): View => ({
  name,
  region: '[role="dialog"]',
  async open(page) {
    await page.locator(button).click()
    await dialog(page).waitFor()
  },
  close: closeDialog,
})

const pressing = (name: string, key: string): View => ({
  name,
  region: 'dialog[open]',
  async open(page) {
    // a field would keep the key
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press(key)
    await dialog(page).waitFor()
  },
  close: closeDialog,
})

/** Every view of a room that is open, chat beside the board first. */
export const VIEWS: readonly View[] = [
  { name: 'room', region: 'body', open: stay, close: stay },
  tab('People'),
  tab('Activity'),
  {
    ...tab('Note'),
    async open(page) {
      await tab('Note').open(page)
      await page.locator('.cm-content').waitFor()
    },
  },
  {
    name: 'card',
    region: '.board',
    needsCards: true,
    async open(page) {
      await page.locator('[data-color="mint"]').click()
      await page.locator('.card-bar').waitFor()
    },
    async close(page) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
      await escape(page)
      await page.locator('.card-bar').waitFor({ state: 'detached' })
    },
  },
  popover('profile', '.stack .me'),
  { ...popover('everybody', '.stack .more'), needsPeople: true },
  popover('rooms', '.room-button'),
  popover('share', '.share'),
  popover('status', 'button.status'),
  pressing('shortcuts', '?'),
  pressing('palette', 'Control+k'),
]

/** Resolves when fonts, faces and everything that moved are there and still. */
export async function stillView(page: Page): Promise<void> {
  // what comes late comes empty first, what was there before hidden beside it
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLElement>('.popover, dialog[open], .tab-panel')].every(
      // a closed room is inert, and may never have had anything to show
      (part) => part.innerText.trim() !== '' || part.clientHeight === 0 || part.closest('[inert]') !== null,
    ),
  )
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.avatar')].every((avatar) => avatar.querySelector('svg') !== null),
  )
  await page.evaluate(async () => {
    await document.fonts.ready
    // what has just changed begins to move with the next frame
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const moves = document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity)
    await Promise.allSettled(moves.map((each) => each.finished))
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  })
}
