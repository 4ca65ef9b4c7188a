import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type * as Provider from '@roomful/provider'
import { createCollabServer, createMemoryLog, type CollabServer } from '@roomful/server'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type * as Yjs from 'yjs'
import { launchChromium } from '../../support/chromium.ts'
import { waitFor } from '../../support/wait.ts'

/** What the test page puts on its window. */
interface PageGlobals {
  provider: typeof Provider
  Y: typeof Yjs
  room: Provider.RoomfulProvider
  identity: Provider.Identity
}

const ENTRY = '/@entry'

/** Bundles the provider as an app would, by the names of its chunks; the page has nothing else. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    resolve: { conditions: ['@roomful/source', 'module', 'browser'], dedupe: ['yjs'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? ENTRY : undefined),
        load: (id) =>
          id === ENTRY
            ? `import * as provider from '@roomful/provider'; import * as Y from 'yjs'; Object.assign(window, { provider, Y })`
            : undefined,
      },
    ],
    build: { write: false, lib: { entry: ENTRY, formats: ['es'], fileName: 'bundle' } },
  })
  const output = [result].flat()[0]
  if (output === undefined || !('output' in output)) throw new Error('nothing was built')
  return new Map(
    output.output.flatMap((chunk) =>
      chunk.type === 'chunk' ? [[`/${chunk.fileName}`, chunk.code] as const] : [],
    ),
  )
}

let browser: Browser
let pageUrl: string
let closePages: () => void
let server: CollabServer
let socketUrl: string
let context: BrowserContext

beforeAll(async () => {
  const [chunks, launched] = await Promise.all([bundle(), launchChromium()])
  browser = launched
  const pages = createServer((request, response) => {
    const code = chunks.get(request.url ?? '')
    response.setHeader('content-type', code === undefined ? 'text/html' : 'text/javascript')
    response.end(
      code ?? '<!doctype html><title>provider</title><script type="module" src="/bundle.js"></script>',
    )
  })
  await new Promise<void>((resolve) => {
    pages.listen(0, '127.0.0.1', resolve)
  })
  pageUrl = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/`
  closePages = () => pages.close()
})

afterAll(async () => {
  await browser?.close()
  closePages?.()
})

async function serve(port: number): Promise<void> {
  server = createCollabServer({ backend: createMemoryLog(), allowedOrigins: { kind: 'any' } })
  socketUrl = `${(await server.listen({ port })).replace('http', 'ws')}/ws`
}

beforeEach(async () => {
  await serve(0)
  context = await browser.newContext()
})

afterEach(async () => {
  await context.close()
  await server.close()
})

async function open(page: Page): Promise<Page> {
  await page.goto(pageUrl)
  await join(page)
  return page
}

/** The page's own code of an app: an identity and a provider, no option but these. */
async function join(page: Page): Promise<void> {
  await page.waitForFunction(() => 'provider' in window)
  await page.evaluate((url) => {
    const { provider, Y } = window as unknown as PageGlobals
    const identity = new provider.Identity()
    const room = new provider.RoomfulProvider(url, 'room', new Y.Doc(), { identity })
    Object.assign(window, { room, identity })
  }, socketUrl)
}

async function state(page: Page): Promise<{
  connection: string
  pending: number | 'unknown'
  localCopy: string
  text: string
  others: string[]
  user: string
}> {
  return page.evaluate(() => {
    const { provider, room, identity } = window as unknown as PageGlobals
    return {
      connection: room.connection,
      pending: room.pending,
      localCopy: room.localCopy,
      text: room.doc.getText('note').toString(),
      others: provider.presenceOf(room).others.map(({ id }) => id),
      user: identity.user.id,
    }
  })
}

async function write(page: Page, text: string): Promise<void> {
  await page.evaluate((words) => {
    const { room } = window as unknown as PageGlobals
    room.doc.getText('note').insert(0, words)
  }, text)
}

describe('the provider in a real browser', () => {
  test('[U28] [U29] offline edits survive a reload while offline, count as pending, and merge on return', async () => {
    const page = await open(await context.newPage())
    await write(page, 'online ')
    await waitFor('the receipt', async () => {
      const { connection, pending, localCopy } = await state(page)
      return connection === 'connected' && pending === 0 && localCopy === 'kept'
    })
    const port = Number(new URL(socketUrl).port)
    await server.close()
    await waitFor('the drop', async () => (await state(page)).connection === 'reconnecting')
    for (const word of ['unsent ', 'more ', 'offline ']) await write(page, word)
    expect((await state(page)).pending).toBe(3)
    await page.reload()
    await join(page)
    await waitFor('the local copy', async () => (await state(page)).text === 'offline more unsent online ')
    const { pending, connection } = await state(page)
    expect(pending).toBe(3)
    expect(connection).not.toBe('connected')
    await serve(port)
    await page.evaluate(() => (window as unknown as PageGlobals).room.retryNow())
    await waitFor('the receipt', async () => (await state(page)).pending === 0)
    const other = await open(await (await browser.newContext()).newPage())
    await waitFor(
      'the text elsewhere',
      async () => (await state(other)).text === 'offline more unsent online ',
    )
    await other.context().close()
  })

  test('[U16] a reload is the same person; a duplicated tab becomes another one', async () => {
    const page = await open(await context.newPage())
    const { user } = await state(page)
    await page.reload()
    await join(page)
    expect((await state(page)).user).toBe(user)
    // window.open copies the session storage, as duplicating a tab does
    const [copy] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate((url) => void window.open(url), pageUrl),
    ])
    await copy.waitForFunction(() => sessionStorage.getItem('roomful:identity') !== null)
    await join(copy)
    await waitFor('another person', async () => (await state(copy)).user !== user)
    expect((await state(page)).user).toBe(user)
    await waitFor('each other', async () => {
      const [one, two] = [await state(page), await state(copy)]
      return one.others.join() === two.user && two.others.join() === one.user
    })
  })

  test('[U26] coming back online tries at once', async () => {
    const page = await context.newPage()
    await page.goto(pageUrl)
    await page.waitForFunction(() => 'provider' in window)
    await page.evaluate((url) => {
      const { provider, Y } = window as unknown as PageGlobals
      // time stands still: no try comes by itself
      const clock = { now: () => Date.now(), after: () => () => {} }
      const room = new provider.RoomfulProvider(url, 'room', new Y.Doc(), { clock })
      Object.assign(window, { room, identity: { user: { id: '' } } })
    }, socketUrl)
    await waitFor('the connection', async () => (await state(page)).connection === 'connected')
    const port = Number(new URL(socketUrl).port)
    await server.close()
    await waitFor('the drop', async () => (await state(page)).connection === 'reconnecting')
    await serve(port)
    await context.setOffline(true)
    await context.setOffline(false)
    await waitFor('the connection', async () => (await state(page)).connection === 'connected')
  })
})
