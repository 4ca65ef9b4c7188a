import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { findChromium } from '../../scripts/chromium.mjs'

/** Chromium as root in a container, without its own traffic to the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url))

/** Ends a broken test, never measures: sixty cursors on a machine that gets a third of its cores took over 30 s to show. */
const PATIENCE_MS = 120_000

/** One person: a browser profile of their own with one page. */
export interface Visitor {
  readonly page: Page
  /** What the page threw or logged as an error, oldest first. */
  readonly errors: readonly string[]
  close(): Promise<void>
}

/**
 * Launches the Chromium that `npm test` found: `CHROMIUM_PATH`, else an installed one.
 *
 * @param flags more of Chromium's own, `--host-resolver-rules=…`
 * @throws Error in one line that says what to install, where there is none
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const found = findChromium()
  if ('reason' in found) throw new Error(found.reason)
  const browser = await chromium.launch({
    executablePath: found.path,
    args: [...FLAGS, ...flags],
    timeout: PATIENCE_MS,
  })
  browser.on('context', (context) => context.setDefaultTimeout(PATIENCE_MS))
  return browser
}

/**
 * Opens a page in a profile of its own: no storage and no BroadcastChannel is shared with other visitors, so that
 * whatever passes between two of them has passed through the server.
 *
 * The app's service worker is off unless `serviceWorkers: 'allow'` is given: it fetches every file of the build, which
 * only the tests of offline use need.
 *
 * @param prepare what the profile gets before its first page
 * @example const ada = await openVisitor(browser, `${server.url}/rooms/lobby`, { colorScheme: 'dark' })
 */
export async function openVisitor(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepare?: (context: BrowserContext) => Promise<void>,
): Promise<Visitor> {
  const context = await browser.newContext({ serviceWorkers: 'block', ...options })
  await prepare?.(context)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(url)
  return { page, errors, close: () => context.close() }
}

/**
 * Writes `tests/output/<name>.png`, a folder git ignores: for people to look at, not for comparison.
 *
 * @returns the file's path
 */
export async function takeScreenshot(page: Page, name: string): Promise<string> {
  const path = `${OUTPUT}${name}.png`
  await mkdir(dirname(path), { recursive: true })
  await page.screenshot({ path })
  return path
}
