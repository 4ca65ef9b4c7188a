import { ask, field } from './ask.mjs'
import { note, ok, reasonOf, trouble } from './finding.mjs'
import { joinRoom } from './join.mjs'
import { forgets } from './redis.mjs'
import { SAVED } from '../welcome.mjs'

/** Questions, each over a connection of its own: of two instances taken by chance, both answer 99 times of 100. */
const QUESTIONS = 8
/** The longest way of presence from one instance to another that is not called broken. */
const HEARD_MS = 5_000

/**
 * What one instance said of itself.
 *
 * @typedef {object} Instance
 * @property {string} id
 * @property {boolean} hasRedis
 * @property {boolean} isReady
 * @property {string} durability
 * @property {string} storage
 * @property {string} version
 * @property {number} aheadMs its clock is so far ahead of this machine's, NaN without a Date header
 * @property {number} unsureMs by so much it may be more or less
 */

/**
 * Asks until it is known who answers at an address. Who answered once and then another for good has been restarted.
 *
 * @param {string} base
 * @returns {Promise<readonly Instance[]>} the latest answer of each; empty where `/readyz` is not to be had
 */
export async function instancesAt(base) {
  /** @type {Instance[]} */
  const answers = []
  for (let round = 0; round < QUESTIONS; round += 1) {
    const answer = await ask(`${base}/readyz`)
    const instance = parseInstance(answer)
    if (instance !== undefined) answers.push(instance)
  }
  const hasRestarted = answers.every(({ id }, at) => id === answers[0]?.id || at >= lastOfFirst(answers))
  const counted =
    hasRestarted && answers.at(-1)?.id !== answers[0]?.id ? await settled(base, answers) : answers
  return [...new Map(counted.map((instance) => [instance.id, instance])).values()]
}

/** @param {readonly Instance[]} answers */
const lastOfFirst = (answers) => answers.findLastIndex(({ id }) => id === answers[0]?.id)

/**
 * One, then another: asks as often again, and leaves out who answered before only.
 *
 * @param {string} base
 * @param {readonly Instance[]} before
 */
async function settled(base, before) {
  const again = []
  for (let round = 0; round < QUESTIONS; round += 1) {
    const instance = parseInstance(await ask(`${base}/readyz`))
    if (instance !== undefined) again.push(instance)
  }
  const isBack = again.some(({ id }) => id === before[0]?.id)
  return isBack ? [...before, ...again] : again
}

/**
 * @param {import('./ask.mjs').Answer} answer
 * @returns {Instance | undefined}
 */
function parseInstance({ json, headers, sentAt, heardAt }) {
  const id = field(json, 'instanceId')
  if (typeof id !== 'string') return undefined
  // a whole second, cut off: half of one is the best guess
  const date = Date.parse(headers.date ?? '') + 500
  return {
    id,
    hasRedis: field(json, 'redis') !== 'off',
    isReady: field(json, 'ready') === true,
    durability: String(field(json, 'durability')),
    storage: String(field(field(json, 'storage'), 'kind')),
    version: String(field(json, 'version')),
    aheadMs: date - (sentAt + heardAt) / 2,
    unsureMs: 500 + (heardAt - sentAt) / 2,
  }
}

/**
 * Whether each instance is ready, and what it keeps.
 *
 * @param {readonly Instance[]} instances
 */
export function lookAtStorage(instances) {
  const findings = []
  for (const { id, isReady, durability } of instances) {
    if (!isReady)
      findings.push(
        trouble(
          'not-ready',
          `instance ${id} says that it is not ready: it drains, or its storage fails`,
          'see its log; where it does not restart, look at the disk, or at Redis',
        ),
      )
    if (durability === 'redis-none') findings.push(forgets(`the Redis of instance ${id}`))
  }
  const [first] = instances
  if (first !== undefined && findings.length === 0) {
    const kept = `"saved" means: ${SAVED.get(first.durability) ?? first.durability}`
    findings.push(first.durability === 'none' || first.durability === 'redis-unknown' ? note(kept) : ok(kept))
  }
  return findings
}

/**
 * Whether several instances are one system.
 *
 * @param {readonly Instance[]} instances
 * @param {string} wsUrl
 * @param {{ token?: string | undefined, heardMs?: number | undefined }} options
 */
export async function lookAtInstances(instances, wsUrl, options) {
  const ids = instances.map(({ id }) => id).join(' and ')
  if (instances.length < 2) return [ok(`one instance answers (${ids})`)]
  const alone = instances.filter(({ hasRedis }) => !hasRedis).map(({ id }) => id)
  if (alone.length > 0)
    return [
      trouble(
        'no-redis',
        `${instances.length} instances answer at one address (${ids}), and without Redis: ${alone.join(', ')}; who reaches another one sees another room`,
        'start all of them with the same REDIS_URL, or only one of them',
      ),
    ]
  const versions = new Set(instances.map(({ version }) => version))
  const mixed =
    versions.size > 1
      ? [note(`they run different versions (${[...versions].join(', ')}): fine during a roll`)]
      : []
  return [await lookAcross(instances, wsUrl, options), ...mixed]
}

/**
 * Somebody on one instance must be seen on another.
 *
 * @param {readonly Instance[]} instances
 * @param {string} wsUrl
 * @param {{ token?: string | undefined, heardMs?: number | undefined }} options
 */
async function lookAcross(instances, wsUrl, { token, heardMs = HEARD_MS }) {
  const ids = instances.map(({ id }) => id).join(' and ')
  /** @type {Map<string, import('./join.mjs').JoinedRoom>} */
  const rooms = new Map()
  try {
    for (let round = 0; round < QUESTIONS && rooms.size < 2; round += 1) {
      const attempt = await joinRoom(wsUrl, { token })
      if (attempt.kind !== 'joined') break
      const id = attempt.room.hello?.instanceId
      if (id === undefined || rooms.has(id)) attempt.room.close()
      else rooms.set(id, attempt.room)
    }
    const [one, other] = rooms.values()
    if (one === undefined || other === undefined)
      return note(
        `${instances.length} instances answer (${ids}), each with Redis; that they share it was not seen, for no room was entered on two of them`,
      )
    if (await isHeard(one, other, heardMs))
      return ok(`${instances.length} instances answer (${ids}), and hear each other`)
    const deaf = [...rooms.keys()].join(' and ')
    return trouble(
      'no-redis',
      `instances ${deaf} each have a Redis, but do not hear each other`,
      'give all of them the same REDIS_URL (database number too) and REDIS_PREFIX',
    )
  } catch (error) {
    return note(
      `${instances.length} instances answer (${ids}); whether they hear each other was not seen (${reasonOf(error)})`,
    )
  } finally {
    for (const room of rooms.values()) room.close()
  }
}

/**
 * @param {import('./join.mjs').JoinedRoom} speaker
 * @param {import('./join.mjs').JoinedRoom} listener
 * @param {number} heardMs
 * @returns {Promise<boolean>}
 */
async function isHeard(speaker, listener, heardMs) {
  const [{ encodeAwareness, decodeMessage }, { Awareness, encodeAwarenessUpdate }, { Doc }] =
    await Promise.all([import('@roomful/shared'), import('y-protocols/awareness'), import('yjs')])
  const doc = new Doc()
  const awareness = new Awareness(doc)
  const mark = `doctor-${doc.clientID}`
  awareness.setLocalState({ status: mark })
  const text = new TextDecoder()
  try {
    return await new Promise((resolve) => {
      const deadline = setTimeout(() => resolve(false), heardMs)
      listener.onFrame((frame) => {
        const message = decodeMessage(frame)
        if (message?.type !== 'awareness' || !text.decode(message.update).includes(mark)) return
        clearTimeout(deadline)
        resolve(true)
      })
      speaker.send(encodeAwareness(encodeAwarenessUpdate(awareness, [doc.clientID])))
    })
  } finally {
    awareness.destroy()
    doc.destroy()
  }
}
