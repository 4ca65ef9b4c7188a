import { IDENTITY_KEY } from '@roomful/provider'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { openVisitor } from '../chromium.ts'
import { FaultProxy } from '../fault-proxy.ts'
import { knowDevice, RoomPage } from '../room-page.ts'
import { startServerProcess, type ServerProcess } from '../test-server.ts'
import { Cast } from './cast.ts'
import { SELF } from './still.ts'

export const ROOM = 'design-review'
const ADMIN_TOKEN = 'stage-hand'

/** Who is there, and what. */
export interface StageOptions {
  readonly company: 'alone' | 'people'
  readonly content: 'empty' | 'busy'
  readonly context?: BrowserContextOptions
}

/** A room as the still shows it, seen by Swift Otter, with a server of its own and a line that can be cut. */
export interface Stage {
  readonly person: RoomPage
  readonly cast: Cast
  /** The line is cut until the stage is struck; resolves when the page says so. */
  goOffline(): Promise<void>
  /** The room is deleted under everybody; resolves when the page says so. */
  refuse(): Promise<void>
  strike(): Promise<void>
}

/**
 * Sets a room up.
 *
 * @example
 * const stage = await setStage(browser, { company: 'people', content: 'busy' })
 * await stage.person.page.screenshot({ path })
 * await stage.strike()
 */
export async function setStage(
  browser: Browser,
  { company, content, context = {} }: StageOptions,
): Promise<Stage> {
  const server = await startServerProcess({ built: true, env: { AUTH_ADMIN_TOKEN: ADMIN_TOKEN } })
  const proxy = await FaultProxy.start(server.port)
  const cast = new Cast(server.wsUrl, ROOM)
  if (content === 'busy') await Cast.furnish(server.wsUrl, ROOM)
  if (company === 'people') await cast.enter()
  const person = await enterAsSelf(browser, `http://127.0.0.1:${proxy.port}`, context)
  const { page } = person
  if (company === 'people') {
    await page.locator('.stack .more').waitFor()
    await cast.lateJoiner()
    // before anything else is said: the line about it stands where the page heard of it
    await page.locator('.stack[aria-label="8 people here"]').waitFor()
    if (content === 'busy') {
      await cast.talk(async (text) => {
        await person.message.fill(text)
        await person.message.press('Enter')
        await person.settled()
        await person.message.blur()
      })
      cast.act()
      await page.locator('[data-cursor-user]').nth(3).waitFor({ state: 'attached' })
      await page.getByText('are typing').waitFor()
    }
  }
  // said a moment late on purpose, and part of the picture
  await page.locator('button.status', { hasText: 'All changes saved' }).waitFor()
  // the pointer stands on nothing that would light up
  await page.mouse.move(0, 0)
  return {
    person,
    cast,
    async goOffline() {
      proxy.refuse(true)
      proxy.cut()
      await page.locator('button.status:not([data-connection="connected"])').waitFor()
      await page.locator('.banner').waitFor()
    },
    async refuse() {
      await deleteRoom(server)
      proxy.heal()
      // offline before: the next try is now, not when its backoff is over
      await page.evaluate(() => window.dispatchEvent(new Event('online')))
      await page.locator('.notice-page').waitFor()
    },
    async strike() {
      cast.leave()
      await person.close()
      await proxy.close()
      await server.kill('SIGKILL')
    },
  }
}

async function enterAsSelf(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
): Promise<RoomPage> {
  // times as in the still; what moves would make each picture another one
  const still = { locale: 'en-GB', reducedMotion: 'reduce' } as const
  const visitor = await openVisitor(browser, 'about:blank', { ...still, ...options }, knowDevice)
  const stored = JSON.stringify({ user: SELF, key: 'stage-key', named: true })
  await visitor.page.addInitScript(
    ([key, value]) => {
      if (location.protocol.startsWith('http')) sessionStorage.setItem(key ?? '', value ?? '')
    },
    [IDENTITY_KEY, stored],
  )
  await visitor.page.goto(`${address}/rooms/${ROOM}`)
  const person = new RoomPage(visitor.page, visitor.errors, () => visitor.close())
  await person.settled()
  return person
}

async function deleteRoom(server: ServerProcess): Promise<void> {
  const response = await fetch(`${server.url}/api/v1/rooms/${ROOM}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  })
  if (!response.ok) throw new Error(`the room could not be deleted: ${response.status}`)
}
