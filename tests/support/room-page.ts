import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { openVisitor } from './chromium.ts'
import { waitFor } from './wait.ts'

/** A person in a room: how tests look at and touch the app, by roles and stable attributes. */
export class RoomPage {
  readonly page: Page
  readonly errors: readonly string[]
  readonly #close: () => Promise<void>

  constructor(page: Page, errors: readonly string[], close: () => Promise<void>) {
    this.page = page
    this.errors = errors
    this.#close = close
  }

  get status(): Locator {
    return this.page.locator('button.status')
  }

  get board(): Locator {
    return this.page.getByRole('region', { name: 'Board' })
  }

  get cards(): Locator {
    return this.page.locator('[data-card-id]')
  }

  get cursors(): Locator {
    return this.page.locator('[data-cursor-user]')
  }

  get message(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' })
  }

  get messages(): Locator {
    return this.page.locator('[data-message-id]')
  }

  get stack(): Locator {
    return this.page.locator('.stack')
  }

  /** The other person's cursor, once it shows. */
  cursorOf(userId: string): Locator {
    return this.page.locator(`[data-cursor-user="${userId}"]`)
  }

  /** This person's id. */
  async userId(): Promise<string> {
    return (await this.page.locator('.stack .me').getAttribute('data-user-id')) ?? ''
  }

  /** This person's name as the app shows it. */
  async userName(): Promise<string> {
    return ((await this.page.locator('.stack .me').getAttribute('title')) ?? '').replace(/ \(you\)$/, '')
  }

  /** Resolves when the room is connected, everything is stored, and the board answers. */
  async settled(): Promise<void> {
    await this.status.and(this.page.locator('[data-connection="connected"][data-pending="0"]')).waitFor()
    await this.page.locator('#board[data-ready]').waitFor()
  }

  /** Opens the profile and changes name, colour or both. */
  async setProfile(change: { readonly name?: string; readonly color?: string }): Promise<void> {
    await this.page.getByRole('button', { name: /^You, / }).click()
    if (change.name !== undefined) await this.page.getByLabel('Your name').fill(change.name)
    if (change.color !== undefined)
      await this.page.getByRole('radio', { name: change.color }).check({ force: true })
    await this.page.getByRole('button', { name: 'Done' }).click()
  }

  /** Makes a card at a point of the board, types into it and leaves it; gives its id. */
  async createCard(text: string, at: { readonly x: number; readonly y: number }): Promise<string> {
    const before = await this.cards.count()
    await this.board.dblclick({ position: at })
    await waitFor('the new card', async () => (await this.cards.count()) > before)
    await this.page.keyboard.type(text)
    const card = this.page.locator('[data-card-id][data-editing]')
    const id = (await card.getAttribute('data-card-id')) ?? ''
    await this.page.keyboard.press('Escape')
    await this.still(this.card(id))
    return id
  }

  /** Resolves when an element has stopped moving on the screen: the view glides to a card that is written. */
  async still(element: Locator): Promise<void> {
    let last = ''
    await waitFor('the view to be still', async () => {
      const now = JSON.stringify(await element.boundingBox())
      const isStill = now === last
      last = now
      // two looks that are frames apart
      await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 60)))
      return isStill
    })
  }

  card(id: string): Locator {
    return this.page.locator(`[data-card-id="${id}"]`)
  }

  close(): Promise<void> {
    return this.#close()
  }
}

/**
 * Makes a profile that of a device that has been here before: the greeting of the first visit does not stand over the
 * board. A script, and no `storageState`: for that Playwright opens a page of its own, which costs a third of a visit.
 */
export async function knowDevice(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    try {
      if (localStorage.getItem('roomful:met') === null) localStorage.setItem('roomful:met', 'before')
    } catch {
      // a page without storage, like about:blank
    }
  })
}

/**
 * Opens a room in a profile of its own, on a known device, and waits until it is connected.
 *
 * @param address the server's, or a proxy's before it: `http://127.0.0.1:<port>`
 */
export async function enterRoom(
  browser: Browser,
  address: string,
  room: string,
  options: BrowserContextOptions = {},
): Promise<RoomPage> {
  const visitor = await openVisitor(browser, `${address}/rooms/${room}`, options, knowDevice)
  const person = new RoomPage(visitor.page, visitor.errors, () => visitor.close())
  await person.settled()
  return person
}
