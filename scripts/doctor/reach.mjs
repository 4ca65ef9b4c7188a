import { ask, field, inWords } from './ask.mjs'
import { note, ok, reasonOf, trouble } from './finding.mjs'

/** What the server itself calls its routes as well. */
const PREFIX = '/server'

/**
 * Where the server is, as far as the address leads there.
 *
 * @typedef {object} Place
 * @property {string} origin `https://example.com`
 * @property {string} base where its routes begin: the origin, or a path below it
 */

/**
 * Finds the server behind an address, and tells what the way there does to the path.
 *
 * @param {string} url an origin, the address of a room's page, or one with the path that leads to the server
 * @param {boolean} [hasMoved] one redirect to another origin (http to https, mostly) is followed
 * @returns {Promise<{ place: Place | undefined, findings: import('./finding.mjs').Finding[] }>}
 */
export async function findServer(url, hasMoved = false) {
  const { origin, pathname } = new URL(url)
  const path = pathname.replace(/\/(rooms|ws)(\/.*)?$/, '').replace(/\/+$/, '')
  const bases = [...new Set([path, path + PREFIX, '', PREFIX])].map((prefix) => origin + prefix)
  /** @type {Map<string, import('./ask.mjs').Answer>} */
  const answers = new Map()
  for (const base of bases) {
    let answer
    try {
      answer = await ask(`${base}/healthz`)
    } catch (error) {
      return { place: undefined, findings: [silence(origin, reasonOf(error))] }
    }
    const elsewhere = movedTo(origin, answer)
    if (elsewhere !== undefined && !hasMoved) {
      const there = await findServer(elsewhere + path, true)
      return { ...there, findings: [note(`${origin} sends everybody to ${elsewhere}`), ...there.findings] }
    }
    answers.set(base, answer)
    if (isHealth(answer))
      return { place: { origin, base }, findings: await around(origin, path, base, answers) }
  }
  return { place: undefined, findings: [nowhere(origin, path, answers)] }
}

/**
 * @param {string} origin
 * @param {string} reason
 */
function silence(origin, reason) {
  return trouble(
    'unreachable',
    `nothing answers at ${origin} (${reason})`,
    /certificate/i.test(reason)
      ? 'give it a certificate that browsers trust; with an authority of your own: NODE_EXTRA_CA_CERTS=ca.pem npm run doctor'
      : 'start the server (npm start), or correct host and port; behind a proxy, see what it says',
  )
}

/**
 * @param {string} origin
 * @param {import('./ask.mjs').Answer} answer
 * @returns {string | undefined} the other origin that an answer leads to
 */
function movedTo(origin, { status, headers: { location } }) {
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, origin))
    return undefined
  const target = new URL(location, origin)
  return target.origin === origin || !/^https?:$/.test(target.protocol) ? undefined : target.origin
}

/** @param {import('./ask.mjs').Answer} answer */
const isHealth = ({ json }) => field(json, 'status') === 'ok' && typeof field(json, 'instanceId') === 'string'

/**
 * @param {string} origin
 * @param {string} path as it was asked for
 * @param {string} base where the server was found
 * @param {ReadonlyMap<string, import('./ask.mjs').Answer>} answers
 */
async function around(origin, path, base, answers) {
  const found = base.slice(origin.length)
  const missed = answers.get(origin + path)
  if (path !== '' && !found.startsWith(path) && missed !== undefined) return [notTakenOff(path, base, missed)]
  if (found === '') {
    const prefixed = await ask(`${origin}${PREFIX}/healthz`)
    if (isHealth(prefixed)) return [ok(`the server answers at ${origin}, and under ${PREFIX}`)]
    return [
      ok(`the server answers at ${origin}`),
      note(
        `${origin}${PREFIX}/ does not lead to it (${inWords(prefixed)}): nobody needs that but apps built for it`,
      ),
    ]
  }
  // the server takes the prefix off once: a second one only comes through where somebody else took the first
  const isStripped = isHealth(await ask(`${origin}${PREFIX}${PREFIX}/healthz`))
  const how =
    found === PREFIX ? ` (the prefix is ${isStripped ? 'taken off on the way' : 'kept'}; both are right)` : ''
  return [ok(`the server answers under ${base}${how}`)]
}

/**
 * @param {string} path
 * @param {string} base
 * @param {import('./ask.mjs').Answer} missed
 */
function notTakenOff(path, base, missed) {
  return trouble(
    'wrong-prefix',
    `${path}/healthz does not lead to the server (${inWords(missed)}), but ${base}/healthz does`,
    isRoomful(missed)
      ? `${path} reaches the server unchanged: take it off in the proxy (nginx: a slash behind proxy_pass http://127.0.0.1:3000/), or call it ${PREFIX}, which the server knows`
      : `use ${base}, or pass ${path}/ on to the server with that prefix taken off`,
  )
}

/**
 * @param {string} origin
 * @param {string} path
 * @param {ReadonlyMap<string, import('./ask.mjs').Answer>} answers
 */
function nowhere(origin, path, answers) {
  const own = answers.get(origin + path)
  const prefixed = answers.get(origin + PREFIX)
  if (path !== '' && path !== PREFIX && own !== undefined && isRoomful(own))
    return trouble(
      'wrong-prefix',
      `${path} reaches the server unchanged: ${origin}${path}/healthz is ${inWords(own)}`,
      `take ${path} off in the proxy (nginx: a slash behind proxy_pass http://127.0.0.1:3000/), or call it ${PREFIX}, which the server knows`,
    )
  const seen = [...answers].map(
    ([base, answer]) => `${base.slice(origin.length)}/healthz is ${inWords(answer)}`,
  )
  const bad = [...answers.values()].find(({ status }) => status >= 500)
  if (bad !== undefined)
    return trouble(
      'unreachable',
      `something answers at ${origin}, but no server is behind it (HTTP ${bad.status})`,
      'start the server, or correct where the proxy sends requests',
    )
  return trouble(
    'wrong-prefix',
    `${origin} answers, but no path leads to a Roomful server: ${seen.join('; ')}`,
    prefixed !== undefined && /html/.test(prefixed.headers['content-type'] ?? '')
      ? `${PREFIX}/ falls to the web pages: send ${PREFIX}/ to the server before the rule for everything else`
      : `send ${PREFIX}/ (or everything) to the server, or give the path that leads there: npm run doctor -- ${origin}/path`,
  )
}

/**
 * Whether an answer has the signs of our server, which does not know this path.
 *
 * @param {import('./ask.mjs').Answer} answer
 */
function isRoomful({ status, headers, json, body }) {
  const isLobby = status === 302 && (headers.location ?? '').endsWith('/rooms/lobby')
  const isApi = field(field(json, 'error'), 'message') === 'There is no such route.'
  return isLobby || isApi || /^The web app is not built|^Not found\.\n$/.test(body)
}
