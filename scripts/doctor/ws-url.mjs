import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { note, ok, trouble } from './finding.mjs'

/** What Vite reads for a production build, strongest first; the environment itself goes before all of them. */
const APP_FILES = ['.env.production.local', '.env.production', '.env.local', '.env'].map(
  (name) => `client/app/${name}`,
)
/** What the server would like to be told, but never reads from a file. */
const SERVER_KEY =
  /^(PORT|HOST|DATA_DIR|REDIS_|YREDIS|INSTANCE_ID|STATIC_DIR|ALLOWED_ORIGINS|AUTH_|LIMIT_|LOG_LEVEL)/

/**
 * Whether the address that the next build writes into the app can be one of rooms.
 *
 * @param {import('./checks.mjs').Checkout} checkout
 */
export function lookAtWsUrl({ root, env }) {
  const places = [
    { name: 'the environment', value: env['VITE_WS_URL'] },
    ...APP_FILES.map((name) => ({ name, value: readEnvFile(join(root, name))['VITE_WS_URL'] })),
  ]
  const chosen = places.find(({ value }) => value)
  return [...found(chosen), ...unreadFindings(root)]
}

/** @param {{ name: string, value: string | undefined } | undefined} chosen */
function found(chosen) {
  if (chosen?.value === undefined)
    return [ok('VITE_WS_URL is not set: the app uses /ws of the address it came from')]
  const complaint = wsUrlComplaint(chosen.value)
  if (complaint === undefined) return [ok(`VITE_WS_URL=${chosen.value} (${chosen.name})`)]
  return [
    trouble(
      'wrong-ws-url',
      `VITE_WS_URL=${chosen.value} (${chosen.name}) ${complaint.cause}`,
      `${complaint.fix}, then npm run build`,
    ),
  ]
}

/**
 * What is wrong with an address of rooms, as far as it can be seen.
 *
 * @param {string} text
 * @param {URL} [page] the page that uses it
 * @returns {{ cause: string, fix: string } | undefined}
 */
export function wsUrlComplaint(text, page) {
  // a path is one of the address the page came from
  if (/^\/(server\/?)?$/.test(text))
    return {
      cause: 'does not end in /ws, where rooms are',
      fix: `set VITE_WS_URL=${text.replace(/\/$/, '')}/ws`,
    }
  if (text.startsWith('/')) return undefined
  if (!URL.canParse(text))
    return { cause: 'is no address', fix: 'give all of it: wss://rooms.example.com/ws' }
  const url = new URL(text)
  const asSocket = text.replace(/^http/, 'ws')
  if (!/^wss?:$/.test(url.protocol))
    return {
      cause: `begins with ${url.protocol}//, and sockets are ws:// or wss://`,
      fix: `set VITE_WS_URL=${asSocket}`,
    }
  if (url.search !== '' || url.hash !== '')
    return {
      cause: 'has a query or a fragment, and the room is put behind it',
      fix: `set VITE_WS_URL=${url.protocol}//${url.host}${url.pathname}`,
    }
  if (/^\/(server\/?)?$/.test(url.pathname))
    return {
      cause: 'does not end in /ws, where rooms are',
      fix: `set VITE_WS_URL=${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}/ws`,
    }
  if (page?.protocol === 'https:' && url.protocol === 'ws:')
    return {
      cause: 'is not encrypted, and browsers forbid that to an https page',
      fix: `set VITE_WS_URL=wss://${url.host}${url.pathname}`,
    }
  if (page !== undefined && isLoopback(url) && !isLoopback(page))
    return {
      cause: 'leads to the visitor’s own machine',
      fix: `set VITE_WS_URL=${page.protocol.replace('http', 'ws')}//${page.host}/ws, or leave it unset`,
    }
  return undefined
}

/** @param {URL} url */
const isLoopback = ({ hostname }) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

/**
 * A `.env` in the root looks as if it counted.
 *
 * @param {string} root
 */
function unreadFindings(root) {
  const values = readEnvFile(join(root, '.env'))
  const ofApp = Object.keys(values).filter((key) => key.startsWith('VITE_'))
  const ofServer = Object.keys(values).filter((key) => SERVER_KEY.test(key))
  const findings = []
  if (ofApp.length > 0)
    findings.push(
      note(`.env in the root is not read for the app: move ${ofApp.join(', ')} to client/app/.env`),
    )
  if (ofServer.length > 0)
    findings.push(
      note(
        `.env is not read by the server (${ofServer.join(', ')}): node --env-file=.env server/dist/main.js reads it`,
      ),
    )
  return findings
}

/**
 * @param {string} file
 * @returns {NodeJS.Dict<string>} empty where there is none
 */
function readEnvFile(file) {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
}
