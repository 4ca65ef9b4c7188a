import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import { SAVED } from '../welcome.mjs'
import { note, ok, reasonOf, skipped, trouble } from './finding.mjs'

/** Redis on the same machine or in the same data centre answers in milliseconds. */
const CONNECT_MS = 4_000
const MIN_MAJOR = 6
const MIN_MINOR = 2

/**
 * Whether the Redis of `REDIS_URL` is there, keeps what it is given, and throws nothing away. Reads settings only.
 *
 * @param {import('./checks.mjs').Checkout} checkout
 */
export async function lookAtRedis({ env }) {
  const url = env['REDIS_URL']
  if (!url) return [ok('REDIS_URL is not set: one process serves all rooms from its folder')]
  const loaded = await import('ioredis').catch(() => undefined)
  if (loaded === undefined) return [skipped('no Redis client before dependencies are installed (npm start)')]
  const place = placeOf(url)
  if (place === undefined)
    return [
      trouble(
        'redis-away',
        'REDIS_URL is no redis://, rediss://, redis+sentinel:// or redis+cluster:// address',
        'correct it: redis://user:password@host:6379, redis+sentinel://user:password@host:26379/name, or redis+cluster://user:password@host:6379 (a cluster has no database but 0)',
      ),
    ]
  const { address, options } = place
  const ca = env['REDIS_CA']?.replaceAll('\\n', '\n')
  const sentinelPassword = env['REDIS_SENTINEL_PASSWORD']
  if (place.nodes !== undefined) return lookAtCluster(loaded, place.nodes, address, options, ca, env)
  const redis = new loaded.Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: CONNECT_MS,
    sentinelCommandTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    ...(sentinelPassword ? { sentinelPassword } : {}),
    ...(options.tls && ca ? { tls: { ca }, sentinelTLS: { ca } } : {}),
  })
  /** @type {unknown} */
  let failure
  // the promise says "Connection is closed", the event says why
  redis.on('error', (error) => (failure = error))
  try {
    await redis.connect()
    return await inspect(redis, address, env, { db: place.db })
  } catch (error) {
    return [
      trouble(
        'redis-away',
        `Redis at ${address} does not let us in (${reasonOf(failure ?? error)})`,
        'start it, or correct host, port, user, password and database in REDIS_URL (TLS: rediss:// and REDIS_CA)',
      ),
    ]
  } finally {
    redis.disconnect()
  }
}

/** @typedef {{ username?: string, password?: string, tls?: object }} Person */

/**
 * Each master is asked: the one that keeps least counts.
 *
 * @param {typeof import('ioredis')} loaded
 * @param {{ host: string, port: number }[]} nodes
 * @param {string} address
 * @param {Person} options
 * @param {string | undefined} ca
 * @param {NodeJS.ProcessEnv} env
 */
async function lookAtCluster(loaded, nodes, address, options, ca, env) {
  const [seed] = nodes
  const tls = options.tls && {
    ...(ca ? { ca } : {}),
    // the nodes it finds go by their numbers
    checkServerIdentity: (
      /** @type {string} */ host,
      /** @type {import('node:tls').PeerCertificate} */ cert,
    ) => checkServerIdentity(isIP(host) === 0 ? host : (seed?.host ?? host), cert),
  }
  const cluster = new loaded.Cluster(nodes, {
    lazyConnect: true,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: CONNECT_MS,
    redisOptions: {
      ...options,
      connectTimeout: CONNECT_MS,
      commandTimeout: CONNECT_MS,
      ...(tls ? { tls } : {}),
    },
  })
  /** @type {unknown} */
  let failure
  cluster.on('error', (error) => (failure = error.lastNodeError ?? error))
  cluster.on('node error', (error) => (failure ??= error))
  try {
    await cluster.connect()
    const findings = await Promise.all(
      cluster
        .nodes('master')
        .map((node) => inspect(node, `${node.options.host}:${node.options.port}`, env, { isCluster: true })),
    )
    const different = new Map(findings.flat().map((finding) => [JSON.stringify(finding), finding]))
    return [...different.values()]
  } catch (error) {
    const reason = reasonOf(failure ?? error)
    return [
      trouble(
        'redis-away',
        `the cluster at ${address} does not let us in (${reason})`,
        reason.includes('cluster support disabled')
          ? 'it is a single Redis: REDIS_URL=redis://user:password@host:6379'
          : 'start it, or correct hosts, ports, user and password in REDIS_URL (TLS: rediss+cluster:// and REDIS_CA)',
      ),
    ]
  } finally {
    cluster.disconnect()
  }
}

/**
 * @param {import('ioredis').Redis} redis
 * @param {string} address
 * @param {NodeJS.ProcessEnv} env
 * @param {{ isCluster?: boolean, db?: number }} [asked] what the address names
 */
async function inspect(redis, address, env, { isCluster = false, db = 0 } = {}) {
  const info = await redis.info()
  const kind = kindFinding(info, address, isCluster)
  if (kind !== undefined) return [kind]
  if (db > 0) await redis.select(db)
  const setting = async (/** @type {string} */ name) => {
    try {
      const reply = await redis.config('GET', name)
      return /** @type {string | undefined} */ (Array.isArray(reply) ? reply[1] : undefined)
    } catch {
      // hosted servers refuse CONFIG: what INFO says has to do
      return undefined
    }
  }
  const [, version = '', major, minor] = /^redis_version:((\d+)\.(\d+)\S*)/m.exec(info) ?? []
  if (Number(major) < MIN_MAJOR || (Number(major) === MIN_MAJOR && Number(minor) < MIN_MINOR))
    return [
      trouble(
        'redis-away',
        `Redis at ${address} is version ${version}, and the server refuses it`,
        'run Redis 6.2 or newer',
      ),
    ]
  const policy =
    (await setting('maxmemory-policy')) ?? /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction'
  const appendOnly =
    (await setting('appendonly')) ?? { 0: 'no', 1: 'yes' }[/^aof_enabled:([01])/m.exec(info)?.[1] ?? '']
  return [
    ...evictionFindings(policy, address, env),
    ...durabilityFindings(appendOnly, await setting('appendfsync'), address),
  ]
}

/**
 * @param {string} info
 * @param {string} address
 * @param {boolean} isCluster
 */
function kindFinding(info, address, isCluster) {
  if (/^redis_mode:sentinel/m.test(info))
    return trouble(
      'redis-away',
      `what answers at ${address} is a Sentinel, and the server refuses it`,
      'REDIS_URL=redis+sentinel://user:password@host:26379,host:26379/name',
    )
  if (/^cluster_enabled:1/m.test(info) && !isCluster)
    return trouble(
      'redis-away',
      `Redis at ${address} is a node of a cluster, and the server refuses it under that address`,
      'REDIS_URL=redis+cluster://user:password@host:6379,host:6379 (TLS: rediss+cluster://)',
    )
  return undefined
}

/**
 * @param {string} policy
 * @param {string} address
 * @param {NodeJS.ProcessEnv} env
 */
function evictionFindings(policy, address, env) {
  if (policy === 'noeviction') return [ok(`Redis at ${address} throws nothing away (noeviction)`)]
  if (env['REDIS_ALLOW_EVICTION'] === 'yes')
    return [
      note(
        `Redis at ${address} has maxmemory-policy ${policy} and may throw rooms away: REDIS_ALLOW_EVICTION=yes takes that`,
      ),
    ]
  return [
    trouble(
      'redis-evicts',
      `Redis at ${address} has maxmemory-policy ${policy} and would throw rooms away, so that the server does not start`,
      'redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf or at your host',
    ),
  ]
}

/**
 * @param {string | undefined} appendOnly
 * @param {string | undefined} fsync
 * @param {string} address
 */
function durabilityFindings(appendOnly, fsync, address) {
  if (appendOnly === undefined)
    return [note(`Redis at ${address} does not say whether it keeps an append-only file: see its host`)]
  if (appendOnly !== 'yes' || fsync === 'no') return [forgets(`Redis at ${address}`)]
  if (fsync === undefined)
    return [note(`Redis at ${address} keeps an append-only file, and does not say how often it is synced`)]
  return [ok(`"saved" means: ${SAVED.get(`redis-${fsync}`)}`)]
}

/**
 * The line on a Redis without a log of its own.
 *
 * @param {string} who
 */
export function forgets(who) {
  return trouble(
    'redis-forgets',
    `${who} keeps no synced append-only file: rooms that are open nowhere end with it`,
    'redis-cli CONFIG SET appendonly yes (and appendfsync everysec, or always), and the same in redis.conf or at your host',
  )
}

/**
 * Where Redis is, and how to reach it, as `server/src/log/redis-address.ts` reads an address: the doctor has to work before
 * anything is built. What is shown is without a password.
 *
 * @param {string} url
 */
function placeOf(url) {
  const [, scheme = '', person = '', hosts = '', path = ''] =
    /^(rediss?(?:\+sentinel|\+cluster)?):\/\/(?:([^@/]*)@)?([^/@?#]+)\/?([^?#]*)$/.exec(url) ?? []
  const isWatched = scheme.endsWith('+sentinel')
  const nodes = hosts.split(',').map((host) => nodeOf(host, isWatched ? 26_379 : 6_379))
  const [first] = nodes
  const isCluster = scheme.endsWith('+cluster')
  const isOne = !isWatched && !isCluster
  if (first === undefined || nodes.includes(undefined) || (isOne && nodes.length > 1)) return undefined
  const parts = path === '' ? [] : path.split('/')
  const name = isWatched ? parts.shift() : undefined
  const [number = '0', ...rest] = parts
  const db = Number(number)
  if (rest.length > 0 || number === '' || !Number.isSafeInteger(db) || db < 0) return undefined
  const [username = '', password = ''] = person.split(/:(.*)/s).map((part) => decodeURIComponent(part))
  const who = {
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(scheme.startsWith('rediss') ? { tls: {}, enableTLSForSentinelMode: isWatched } : {}),
  }
  if (isOne) return { address: hosts, db, options: { ...first, ...who } }
  const sentinels = nodes.flatMap((node) => node ?? [])
  if (isCluster) return db === 0 ? { address: hosts, db, options: who, nodes: sentinels } : undefined
  return name
    ? { address: `${name} (Sentinels ${hosts})`, db, options: { sentinels, name, ...who } }
    : undefined
}

/**
 * @param {string} text
 * @param {number} port where it names none
 */
function nodeOf(text, port) {
  if (text === '' || !URL.canParse(`redis://${text}`)) return undefined
  const url = new URL(`redis://${text}`)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || port }
}
