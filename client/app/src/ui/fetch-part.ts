const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

let waiting: Promise<void> | undefined

/**
 * Fetches a part of the page (a dynamic import) until it is there: without a network or a server it waits and tries again.
 * Rejects with what `load` threw when the server does answer and still has no such part: a newer build took its place, and a
 * reload brings that.
 *
 * @example const { showToast } = await fetchPart(() => import('./toaster.tsx'))
 */
export async function fetchPart<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load()
    } catch {
      if (await isServerThere()) return load()
      // however many parts are missing, one of them asks
      await (waiting ??= serverIsBack().finally(() => {
        waiting = undefined
      }))
    }
  }
}

/** Hands a part on when it is there. A part that will never come, see {@link fetchPart}, is left out. */
export function withPart<T>(load: () => Promise<T>, use: (part: T) => void): void {
  fetchPart(load).then(use, () => undefined)
}

async function serverIsBack(): Promise<void> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    await delayOrOnline(wait)
    if (await isServerThere()) return
  }
}

async function isServerThere(): Promise<boolean> {
  try {
    const answer = await fetch('/healthz', { cache: 'no-store' })
    return answer.ok
  } catch {
    // TypeError: no network, or nobody listens
    return false
  }
}

function delayOrOnline(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    addEventListener('online', done)
  })
}
