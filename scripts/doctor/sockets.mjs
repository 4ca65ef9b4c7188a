import { note, ok, skipped, trouble } from './finding.mjs'
import { joinRoom } from './join.mjs'

const HEADERS_FIX =
  'let the proxy speak HTTP/1.1 to the server and pass Upgrade and Connection on (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade")'
/** Closes of the server that say what to do about a token. */
const TOKEN_NEEDED = 4401
const FORBIDDEN = 4403

/**
 * Whether a room can be entered: as a program (no `Origin`), then as a page.
 *
 * @param {string} wsUrl
 * @param {{ origin: string, token?: string | undefined }} visitor
 * @returns {Promise<{ room: import('./join.mjs').JoinedRoom | undefined, findings: import('./finding.mjs').Finding[] }>}
 *   `room` is the caller's to close
 */
export async function enterRoom(wsUrl, { origin, token }) {
  const attempt = await joinRoom(wsUrl, { token })
  if (attempt.kind !== 'joined') return { room: undefined, findings: [explain(wsUrl, attempt, token)] }
  const asPage = await joinRoom(wsUrl, { token, origin })
  if (asPage.kind === 'joined') asPage.room.close()
  const { hello } = attempt.room
  const permission = hello === undefined ? 'no Roomful server' : `may ${hello.permission}`
  return {
    room: attempt.room,
    findings: [ok(`a room can be entered at ${wsUrl} (${permission})`), ofPage(wsUrl, origin, asPage)],
  }
}

/**
 * @param {string} wsUrl
 * @param {string} origin
 * @param {import('./join.mjs').Attempt} attempt
 */
function ofPage(wsUrl, origin, attempt) {
  if (attempt.kind === 'joined') return ok(`pages of ${origin} may enter`)
  if (attempt.kind !== 'refused' || attempt.status !== 403) return explain(wsUrl, attempt, undefined)
  const isOwn = new URL(origin).host === new URL(wsUrl).host
  return trouble(
    'origin-refused',
    `pages of ${origin} may not enter (HTTP 403)`,
    isOwn
      ? `let the proxy pass Host or X-Forwarded-Host on as the browser sent it, or start the server with ALLOWED_ORIGINS=${origin}`
      : `start the server with ALLOWED_ORIGINS=${origin}; it replaces the server's own address, so name that too where it serves the app`,
  )
}

/**
 * Why a room could not be entered, and what to do.
 *
 * @param {string} wsUrl
 * @param {Exclude<import('./join.mjs').Attempt, { kind: 'joined' }>} attempt
 * @param {string | undefined} token
 * @returns {import('./finding.mjs').Finding}
 */
export function explain(wsUrl, attempt, token) {
  switch (attempt.kind) {
    case 'refused':
      return explainRefusal(wsUrl, attempt)
    case 'closed':
      return explainClose(attempt, token)
    case 'silent':
      return trouble(
        'no-upgrade',
        `${wsUrl} opens a WebSocket, and then nothing comes through it`,
        'let the proxy pass WebSocket frames on unbuffered and at once',
      )
    case 'failed':
      return trouble(
        'no-upgrade',
        `pages come through, and no WebSocket to ${wsUrl} (${attempt.reason})`,
        HEADERS_FIX,
      )
  }
}

/**
 * @param {string} wsUrl
 * @param {{ status: number, body: string }} answer
 */
function explainRefusal(wsUrl, { status, body }) {
  const line = body.startsWith('<') ? '' : (body.split('\n', 1)[0] ?? '')
  switch (status) {
    case 426:
      return trouble(
        'no-upgrade',
        `the request for a WebSocket at ${wsUrl} reached the server as a plain one: something in between dropped the Upgrade header`,
        HEADERS_FIX,
      )
    case 404:
      return line.startsWith('Rooms are at')
        ? trouble(
            'wrong-prefix',
            `the WebSocket reaches the server at another path than ${new URL(wsUrl).pathname}/<room>`,
            'treat WebSockets like pages: the same prefix taken off, or none',
          )
        : trouble(
            'no-upgrade',
            `no WebSocket at ${wsUrl} (HTTP 404)`,
            'send this path to the server as well, with Upgrade and Connection',
          )
    case 429:
    case 503:
      return trouble(
        'not-ready',
        `the server takes no more connections now (HTTP ${status}: ${line})`,
        'wait for its restart to end, or raise the limit it names (docs/limits.md)',
      )
    default:
      return trouble(
        'no-upgrade',
        `the answer to a WebSocket at ${wsUrl} is HTTP ${status}${line === '' ? '' : ` (${line.slice(0, 100)})`}, not 101`,
        HEADERS_FIX,
      )
  }
}

/**
 * @param {{ code: number, reason: string }} close
 * @param {string | undefined} token
 */
function explainClose({ code, reason }, token) {
  if (code === TOKEN_NEEDED && token === undefined)
    return skipped('rooms want a token: give one with --token to look further')
  if (code === TOKEN_NEEDED)
    return trouble(
      'no-entry',
      `the token is refused (4401 ${reason})`,
      'give one that is not expired, signed with the server’s key, issuer and audience (docs/auth.md), and see that clocks agree',
    )
  if (code === FORBIDDEN)
    return note(
      'the token does not lead into the room "roomful-doctor": give one for all rooms to look further',
    )
  return trouble(
    'not-ready',
    `the server ended the connection (${code} ${reason})`,
    'see its log: storage may be away or full, or a limit reached',
  )
}
