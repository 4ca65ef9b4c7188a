import { expect, test } from 'vitest'
import { OfflineStore, PAGE_WAIT_MS } from './offline-store.ts'

const BUILD = { version: 'b2', entry: '/assets/index-2.js', files: ['/assets/index-2.js', '/theme.js'] }
const PAGE = '<script src="/assets/index-2.js"></script>'

/** Caches in memory, as far as the store uses them. */
class MemoryCaches {
  readonly stores = new Map<string, Map<string, Response>>()

  open(name: string): Promise<unknown> {
    const entries = this.stores.get(name) ?? new Map<string, Response>()
    this.stores.set(name, entries)
    return Promise.resolve({
      put: (key: Request | string, response: Response) =>
        Promise.resolve(void entries.set(pathOf(key), response)),
      match: (key: Request | string) => Promise.resolve(entries.get(pathOf(key))?.clone()),
    })
  }

  async match(key: Request): Promise<Response | undefined> {
    for (const entries of this.stores.values()) {
      const found = entries.get(pathOf(key))
      if (found !== undefined) return found.clone()
    }
    return undefined
  }

  keys(): Promise<string[]> {
    return Promise.resolve([...this.stores.keys()])
  }

  delete(name: string): Promise<boolean> {
    return Promise.resolve(this.stores.delete(name))
  }
}

const pathOf = (key: Request | string): string =>
  new URL(typeof key === 'string' ? key : key.url, 'http://x').pathname

interface World {
  readonly store: OfflineStore
  readonly caches: MemoryCaches
  readonly asked: string[]
  /** Time-outs that were begun, in ms, with how to end them. */
  readonly waits: [number, () => void][]
  readonly files: Map<string, Response>
}

function world(version = BUILD.version): World {
  const caches = new MemoryCaches()
  const asked: string[] = []
  const waits: [number, () => void][] = []
  const files = new Map([
    ['/rooms/lobby', new Response(PAGE)],
    ['/assets/index-2.js', new Response('2')],
    ['/theme.js', new Response('theme')],
  ])
  const store = new OfflineStore({
    build: { ...BUILD, version },
    // no more of it is used
    caches: caches as unknown as CacheStorage,
    fetch: (input) => {
      asked.push(pathOf(input))
      return Promise.resolve(files.get(pathOf(input))?.clone() ?? new Response('', { status: 404 }))
    },
    wait: (ms) => new Promise((resolve) => waits.push([ms, resolve])),
  })
  return { store, caches, asked, waits, files }
}

const text = async (response: Promise<Response>): Promise<string> => (await response).text()

test('[U28] a build is kept whole: page and files', async () => {
  const { store, caches } = world()
  await store.keep()
  expect([...(caches.stores.get('roomful-app-b2') ?? [])].map(([path]) => path).toSorted()).toEqual([
    '/assets/index-2.js',
    '/rooms/lobby',
    '/theme.js',
  ])
})

test('[U28] nothing is kept under the name of a page where a file is missing, or the page is another build’s', async () => {
  const missing = world()
  missing.files.delete('/theme.js')
  await expect(missing.store.keep()).rejects.toThrow('/theme.js: 404')
  const other = world()
  other.files.set('/rooms/lobby', new Response('<script src="/assets/index-3.js"></script>'))
  await expect(other.store.keep()).rejects.toThrow('another build')
  for (const { store, caches } of [missing, other]) {
    for (const entries of caches.stores.values()) expect(entries.has('/rooms/lobby')).toBe(false)
    // and so the network's answer is the only one, however bad
    expect((await store.page(() => Promise.resolve(new Response('', { status: 503 })))).status).toBe(503)
  }
})

test('[U28] the page is the network’s; the kept one where that fails, is silent for three seconds, or a proxy’s 502', async () => {
  const { store, waits } = world()
  await store.keep()
  expect(await text(store.page(() => Promise.resolve(new Response('fresh'))))).toBe('fresh')
  expect((await store.page(() => Promise.resolve(new Response('', { status: 404 })))).status).toBe(404)
  expect(await text(store.page(() => Promise.reject(new TypeError('no network'))))).toBe(PAGE)
  expect(await text(store.page(() => Promise.resolve(new Response('', { status: 502 }))))).toBe(PAGE)
  const silent = text(store.page(() => new Promise(() => {})))
  await expect.poll(() => waits.length).toBe(5)
  const [ms, end] = waits.at(-1) ?? [0, () => {}]
  expect(ms).toBe(PAGE_WAIT_MS)
  end()
  expect(await silent).toBe(PAGE)
})

test('[U28] files come from this build or the one before; of what is fetched only fonts are kept', async () => {
  const { store, caches, asked, files } = world()
  const before = new Map([['/assets/part-1.js', new Response('part of before')]])
  caches.stores.set('roomful-app-b1', before)
  await store.keep()
  asked.length = 0
  const file = (path: string): Promise<Response> => store.file(new Request(`http://x${path}`))
  expect(await text(file('/assets/index-2.js'))).toBe('2')
  expect(await text(file('/assets/part-1.js'))).toBe('part of before')
  expect(asked).toEqual([])
  files.set('/assets/greek.woff2', new Response('font')).set('/assets/next.js', new Response('next'))
  for (const path of ['/assets/greek.woff2', '/assets/next.js']) {
    await file(path)
    await file(path)
  }
  expect(asked).toEqual(['/assets/greek.woff2', '/assets/next.js', '/assets/next.js'])
})

test('[U28] every build but this one and the one before is dropped; caches of others are left alone', async () => {
  const { store, caches } = world('b4')
  for (const name of [
    'roomful-app-b1',
    'somebody-else',
    'roomful-app-b2',
    'roomful-app-b3',
    'roomful-app-b4',
  ])
    caches.stores.set(name, new Map())
  await store.dropOld()
  expect([...caches.stores.keys()]).toEqual(['somebody-else', 'roomful-app-b3', 'roomful-app-b4'])
})
