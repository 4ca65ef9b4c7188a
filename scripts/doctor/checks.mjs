import { lookAtClock } from './clock.mjs'
import { lookAtDataFolder } from './data-folder.mjs'
import { reasonOf, skipped, trouble } from './finding.mjs'
import { instancesAt, lookAtInstances, lookAtStorage } from './instances.mjs'
import { lookAtLockfile } from './lockfile.mjs'
import { lookAtNode } from './node.mjs'
import { lookAtPage } from './page.mjs'
import { findServer } from './reach.mjs'
import { lookAtRedis } from './redis.mjs'
import { enterRoom } from './sockets.mjs'
import { lookAtVercelKeys } from './vercel-keys.mjs'
import { lookAtWsUrl } from './ws-url.mjs'

/**
 * @typedef {{ readonly root: string, readonly env: NodeJS.ProcessEnv, readonly address?: string | undefined }} Checkout what
 *   stands in a folder, and the environment a server would start with there; `address`: where one runs already
 * @typedef {import('./finding.mjs').Finding} Finding
 * @typedef {{ readonly check: string, readonly finding: Finding }} Line
 * @typedef {{ readonly url: string, readonly origin?: string | undefined, readonly token?: string | undefined,
 *   readonly heardMs?: number | undefined }} Address `origin`: of the page that visitors come from, by default that of `url`;
 *   `heardMs`: how long presence may take from one instance to another
 */

/** @type {readonly { name: string, look: (checkout: Checkout) => Finding[] | Promise<Finding[]> }[]} */
const CHECKOUT_CHECKS = [
  { name: 'node', look: (checkout) => lookAtNode(checkout) },
  { name: 'lockfile', look: lookAtLockfile },
  { name: 'vercel.json', look: lookAtVercelKeys },
  { name: 'data folder', look: lookAtDataFolder },
  { name: 'redis', look: lookAtRedis },
  { name: 'app', look: lookAtWsUrl },
]

/**
 * Everything about a checkout, without anything running.
 *
 * @param {Checkout} checkout
 * @returns {Promise<Line[]>} never rejects
 */
export async function examineCheckout(checkout) {
  const lines = []
  for (const { name, look } of CHECKOUT_CHECKS) lines.push(...(await guarded(name, () => look(checkout))))
  return lines
}

/**
 * Everything about what runs at an address. What cannot be looked at without something that is in trouble is left out.
 *
 * @param {Address} address
 * @returns {Promise<Line[]>} never rejects
 */
export async function examineAddress({ url, origin, token, heardMs }) {
  /** @type {import('./reach.mjs').Place | undefined} */
  let place
  const lines = await guarded('address', async () => {
    const found = await findServer(url)
    place = found.place
    return found.findings
  })
  if (place === undefined) return lines
  const { base, origin: own } = place
  /** @type {readonly import('./instances.mjs').Instance[]} */
  let instances = []
  /** @type {import('./join.mjs').JoinedRoom | undefined} */
  let room
  const add = async (/** @type {string} */ name, /** @type {() => Finding[] | Promise<Finding[]>} */ look) =>
    void lines.push(...(await guarded(name, look)))
  await add('storage', async () => {
    instances = await instancesAt(base)
    return instances.length === 0 ? [skipped(`${base}/readyz is not passed on`)] : lookAtStorage(instances)
  })
  const wsUrl = `${base.replace(/^http/, 'ws')}/ws`
  await add('rooms', async () => {
    if (!(await canSpeak())) return [skipped('no WebSocket client before npm start or npm run build')]
    const entered = await enterRoom(wsUrl, { origin: origin ?? own, token })
    room = entered.room
    return entered.findings
  })
  try {
    if (room !== undefined) await add('app', () => lookAtPage({ origin: own, base }, token))
    if (instances.length > 0)
      await add('instances', () => lookAtInstances(instances, wsUrl, { token, heardMs }))
    await add('clock', () => lookAtClock(instances, room))
  } finally {
    room?.close()
  }
  return lines
}

/** Whether what speaks the protocol is installed and built. */
async function canSpeak() {
  try {
    await Promise.all([import('ws'), import('@roomful/shared')])
    return true
  } catch {
    // a fresh clone
    return false
  }
}

/**
 * A check that fails itself is no reason to keep the others back.
 *
 * @param {string} check
 * @param {() => Finding[] | Promise<Finding[]>} look
 * @returns {Promise<Line[]>}
 */
async function guarded(check, look) {
  try {
    return (await look()).map((finding) => ({ check, finding }))
  } catch (error) {
    const fix =
      'look there yourself; where the file or the address is in order, this is a fault of the doctor'
    const finding = trouble('unreachable', `this could not be looked at (${reasonOf(error)})`, fix)
    return [{ check, finding }]
  }
}
