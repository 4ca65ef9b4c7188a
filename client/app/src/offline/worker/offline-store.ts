import type { Build } from '../build.ts'

/** What the store needs of a worker's surroundings. */
export interface StoreOptions {
  readonly build: Build
  readonly caches: CacheStorage
  readonly fetch: (input: string | Request, init?: RequestInit) => Promise<Response>
  /** Resolves after so many ms. */
  readonly wait: (ms: number) => Promise<void>
}

const PREFIX = 'roomful-app-'
/** The one page of the app, whatever room it shows. */
const PAGE = '/rooms/lobby'
/** A network that has said nothing for so long gets no page of its own any more: the kept one opens. */
export const PAGE_WAIT_MS = 3_000

/**
 * The app on this device: per build one cache with its page and all its files, which therefore always fit each other.
 * The build before stays, so that a tab that was open at the deploy still finds its lazy parts.
 */
export class OfflineStore {
  readonly #options: StoreOptions
  readonly #name: string

  constructor(options: StoreOptions) {
    this.#options = options
    this.#name = `${PREFIX}${options.build.version}`
  }

  /**
   * Keeps this build. Rejects where anything is missing, or where the server hands out the page of another build (a
   * deploy is under way): the browser tries again at the next visit.
   */
  async keep(): Promise<void> {
    const { build, caches, fetch } = this.#options
    const page = await fetch(PAGE, { cache: 'no-cache' })
    const text = await page.clone().text()
    if (!page.ok || !text.includes(build.entry)) throw new Error('the page is of another build')
    const cache = await caches.open(this.#name)
    await Promise.all(
      build.files.map(async (path) => {
        // hashed names are for ever: what the page has loaded already is not loaded again
        const response = await fetch(path, { cache: isHashed(path) ? 'default' : 'no-cache' })
        if (!response.ok) throw new Error(`${path}: ${response.status}`)
        await cache.put(path, response)
      }),
    )
    // last: a cache with a page is a whole one
    await cache.put(PAGE, page)
  }

  /** Drops every build but this one and the one before it. */
  async dropOld(): Promise<void> {
    const { caches } = this.#options
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== this.#name)
    await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)))
  }

  /**
   * The page: the network's, so that a deploy is there at the next load; the kept one where the network fails, stays
   * silent, or is a proxy that says that its server is down.
   */
  async page(fromNetwork: () => Promise<Response>): Promise<Response> {
    const kept = await (await this.#options.caches.open(this.#name)).match(PAGE)
    if (kept === undefined) return fromNetwork()
    const late = this.#options.wait(PAGE_WAIT_MS).then(() => undefined)
    // TypeError: no network
    const first = await Promise.race([fromNetwork().catch(() => undefined), late])
    return first === undefined || first.status >= 500 ? kept : first
  }

  /** A file: a kept one, of this build or the one before, else the network's. */
  async file(request: Request): Promise<Response> {
    const { caches, fetch } = this.#options
    const kept = await caches.match(request, { ignoreVary: true })
    if (kept !== undefined) return kept
    const response = await fetch(request)
    if (response.ok && isFont(new URL(request.url).pathname)) {
      const copy = response.clone()
      await (await caches.open(this.#name)).put(request, copy).catch(() => {
        // QuotaExceededError: the font is fetched again another time
      })
    }
    return response
  }
}

function isHashed(path: string): boolean {
  return path.startsWith('/assets/')
}

/** Fonts of other scripts are kept once they have been needed. */
function isFont(path: string): boolean {
  return isHashed(path) && path.endsWith('.woff2')
}
