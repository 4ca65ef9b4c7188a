import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchChromium } from './chromium.ts'
import { enterRoom, type RoomPage } from './room-page.ts'
import { startServerProcess, type ServerProcess, type ServerProcessOptions } from './test-server.ts'

/** What the tests of one file share: a browser, and a way to have servers and people that are gone after each test. */
export interface BrowserSuite {
  readonly browser: Browser
  /** Starts the built server with the built app. */
  serve(options?: ServerProcessOptions): Promise<ServerProcess>
  /** A person in a room, in a profile of their own. */
  enter(address: string, room: string, options?: Parameters<typeof enterRoom>[3]): Promise<RoomPage>
  /** Runs after the test, last first. */
  after(cleanup: () => unknown): void
}

/**
 * Sets a browser file up. Every person's page must stay free of thrown errors; errors of the network are part of the tests.
 *
 * @example const suite = browserSuite()
 */
export function browserSuite(): BrowserSuite {
  let browser: Browser | undefined
  const cleanups: (() => unknown)[] = []
  const people: RoomPage[] = []

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterEach(async () => {
    const thrown = people.splice(0).flatMap((person) => person.errors.filter((text) => !isNetwork(text)))
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
    expect(thrown).toEqual([])
  })
  afterAll(() => browser?.close())

  return {
    get browser() {
      if (browser === undefined) throw new Error('the browser is there from beforeAll on')
      return browser
    },
    async serve(options = {}) {
      const server = await startServerProcess({ built: true, ...options })
      cleanups.push(() => server.kill('SIGKILL'))
      return server
    },
    async enter(address, room, options) {
      const person = await enterRoom(this.browser, address, room, options)
      cleanups.push(() => person.close())
      people.push(person)
      return person
    },
    after(cleanup) {
      cleanups.push(cleanup)
    },
  }
}

/** What Chromium itself logs when a server is away. */
function isNetwork(text: string): boolean {
  return /WebSocket connection to|net::ERR_|Failed to load resource/.test(text)
}
