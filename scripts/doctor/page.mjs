import { ask, inWords } from './ask.mjs'
import { ok, reasonOf, skipped, trouble } from './finding.mjs'
import { joinRoom } from './join.mjs'
import { explain } from './sockets.mjs'
import { wsUrlComplaint } from './ws-url.mjs'

/** Scripts that are read in search of the address; the app has about forty. */
const MAX_SCRIPTS = 60

/**
 * Whether the app that is served here looks for rooms where they are.
 *
 * @param {import('./reach.mjs').Place} place
 * @param {string | undefined} token
 */
export async function lookAtPage({ origin, base }, token) {
  const page = new URL('/rooms/lobby', origin)
  const html = await ask(page.href)
  if (html.status !== 200 || !/html/.test(html.headers['content-type'] ?? ''))
    return [skipped(`no web app at ${page.href} (${inWords(html)})`)]
  let settings
  try {
    settings = await settingsIn(page, html.body)
  } catch (error) {
    return [skipped(`the app's scripts could not be read (${reasonOf(error)})`)]
  }
  if (settings === undefined) return [skipped(`the page at ${page.href} is no built app of this repository`)]
  const server = `${base.replace(/^http/, 'ws')}/ws`
  const wanted = (settings.wsUrl ?? '/ws').replace(/\/+$/, '')
  const url = wanted.startsWith('/') ? origin.replace(/^http/, 'ws') + wanted : wanted
  const named =
    settings.wsUrl === undefined
      ? `the app has no VITE_WS_URL and uses ${url}`
      : `the app has VITE_WS_URL=${settings.wsUrl}`
  const complaint = settings.wsUrl === undefined ? undefined : wsUrlComplaint(settings.wsUrl, page)
  if (complaint !== undefined)
    return [
      trouble(
        'wrong-ws-url',
        `${named}, which ${complaint.cause}`,
        `${complaint.fix}, and build the app again`,
      ),
    ]
  if (url === server) return [ok(`${named}, where rooms are`)]
  const attempt = await joinRoom(url, { origin, token })
  if (attempt.kind === 'joined') {
    attempt.room.close()
    return [ok(`${named}, and a room can be entered there`)]
  }
  const why = explain(url, attempt, token)
  if (why.kind !== 'trouble') return [why]
  return [
    trouble(
      'wrong-ws-url',
      `${named}, where no room can be entered: ${why.text}`,
      `build the app with VITE_WS_URL=${server}, or make that address lead to the server (${why.fix})`,
    ),
  ]
}

/**
 * What the build wrote into the app's scripts, looked for from the page on.
 *
 * @param {URL} page
 * @param {string} html
 * @returns {Promise<{ wsUrl: string | undefined } | undefined>} `undefined` where no script asks for VITE_WS_URL
 */
async function settingsIn(page, html) {
  const queue = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(
    ([, path = '']) => new URL(path, page).href,
  )
  const seen = new Set(queue)
  for (let at = 0; at < queue.length && at < MAX_SCRIPTS; at += 1) {
    const url = queue[at] ?? ''
    // what is asked of strangers is not ours to read
    if (new URL(url).origin !== page.origin) continue
    const { body } = await ask(url)
    if (body.includes('VITE_WS_URL')) return { wsUrl: /VITE_WS_URL:\s*["'`]([^"'`]+)["'`]/.exec(body)?.[1] }
    for (const [, name = ''] of body.matchAll(/["'`](?:\.\/|\/?assets\/)([\w.-]+\.js)["'`]/g)) {
      const next = new URL(`/assets/${name}`, page).href
      if (!seen.has(next)) queue.push(next)
      seen.add(next)
    }
  }
  return undefined
}
