import type { Durability } from '@roomful/shared'
import type { Clock } from '../clock.ts'
import { LogError } from './log-error.ts'
import type { RedisCommands, RedisReply } from './redis-commands.ts'
import { newerFormat, REDIS_FORMAT } from './redis-head.ts'
import type { RedisKeys } from './redis-keys.ts'
import { countOf, listOf, textOf } from './redis-reply.ts'

/** How often a start looks whether Redis is there by now. */
const LOOK_MS = 50
/** The first version with XTRIM MINID. */
const MIN_MAJOR = 6
const MIN_MINOR = 2

/** How long a start waits, and whom it tells. */
export interface RedisPatience {
  readonly clock: Clock
  /** For messages: never the URL, in which a password may stand. */
  readonly address: string
  readonly startMs: number
  /** Told once when Redis is not there at once. */
  readonly onWaiting: (error: Error | undefined) => void
}

/**
 * Waits until both connections are there.
 *
 * @throws LogError `unavailable` after `startMs`; `not-writable` at once where Redis does not let us in, or is not who it says.
 */
export async function waitForRedis(
  connections: readonly Pick<RedisCommands, 'isReady' | 'lastError'>[],
  { clock, address, startMs, onWaiting }: RedisPatience,
): Promise<void> {
  const giveUpAt = clock.now() + startMs
  for (let hasWarned = false; !connections.every(({ isReady }) => isReady);) {
    const error = connections.map(({ lastError }) => lastError).find((found) => found !== undefined)
    if (error !== undefined && isRefusal(error))
      throw new LogError(
        'not-writable',
        `Redis at ${address} does not let us in (${error.message}): correct user and password in REDIS_URL`,
        { cause: error },
      )
    if (error !== undefined && error.message.startsWith('DENIED'))
      throw new LogError(
        'not-writable',
        `Redis at ${address} is in protected mode and lets nobody in from another machine: give it a password (requirepass) and put that into REDIS_URL, or start it with --protected-mode no where only your own machines reach it`,
        { cause: error },
      )
    if (error !== undefined && isUntrusted(error))
      throw new LogError(
        'not-writable',
        `Redis at ${address} has a certificate that is not trusted (${error.message}): put the PEM of its authority into REDIS_CA, or correct the name in REDIS_URL`,
        { cause: error },
      )
    if (error !== undefined && /cluster support disabled/.test(error.message))
      throw new LogError(
        'not-writable',
        `Redis at ${address} is no cluster: give REDIS_URL as redis://host:port`,
        { cause: error },
      )
    if (error !== undefined && !hasWarned) {
      hasWarned = true
      onWaiting(error)
    }
    if (clock.now() >= giveUpAt)
      throw new LogError(
        'unavailable',
        `Redis at ${address} is not there (${error?.message ?? 'no answer'}): start it, or correct REDIS_URL`,
        { cause: error },
      )
    await new Promise<void>((resolve) => {
      // not the clock's timer: nothing else may keep the process alive during a start
      setTimeout(resolve, LOOK_MS)
    })
  }
}

/**
 * Reads what a stored append means on this Redis, and refuses one that throws rooms away, or on which several instances
 * would not be one system. Of a cluster all masters are asked, and the one that promises least counts.
 *
 * @returns `undefined` where none of them answered.
 * @throws LogError `not-writable` where Redis evicts keys, is too old, a node of a cluster or a Sentinel.
 */
export async function inspectRedis(
  connection: RedisCommands,
  inspection: RedisInspection,
): Promise<Durability | undefined> {
  const replies = await connection.runEverywhere([
    { command: 'INFO', args: [] },
    ...SETTINGS.map((name) => ({ command: 'CONFIG', args: ['GET', name] })),
  ])
  const promises = replies
    .filter((answers) => !answers.every((answer) => answer instanceof Error))
    .map((answers) => inspectServer(answers, inspection))
  return PROMISES.find((promise) => promises.includes(promise))
}

/** @throws LogError `format-newer`. */
export async function checkFormat(connection: RedisCommands, keys: RedisKeys): Promise<void> {
  const [, reply] = await connection.run([
    { command: 'SET', args: [keys.format, REDIS_FORMAT, 'NX'] },
    { command: 'GET', args: [keys.format] },
  ])
  const format = countOf(reply) ?? REDIS_FORMAT
  if (format > REDIS_FORMAT) throw newerFormat(format)
}

/** What the user has to be allowed beside keys and scripts. */
export interface RedisRights {
  readonly address: string
  readonly prefix: string
  /** Whether rooms are kept in y-redis's layout: who listens there is asked for. */
  readonly hasYRedis: boolean
}

/**
 * Does once what no room could be opened without. Where Redis is away again, that is heard of elsewhere: what was subscribed is
 * asked for once more when it is back.
 *
 * @param subscribe to a channel of the prefix
 * @throws LogError `not-writable` where the user may not: what to allow.
 */
export async function checkRights(
  commands: RedisCommands,
  subscribe: () => Promise<void>,
  { address, prefix, hasYRedis }: RedisRights,
): Promise<void> {
  const check = (reply: unknown, right: string): void => {
    if (!(reply instanceof Error) || !reply.message.startsWith('NOPERM')) return
    throw new LogError('not-writable', `Redis at ${address} does not let this user in: ${right}`, {
      cause: reply,
    })
  }
  const refusal = await subscribe().catch((error: unknown) => error)
  check(refusal, `allow its channels, ACL SETUSER ... &${prefix}* &{${prefix}*`)
  if (!hasYRedis) return
  for (const [reply] of await commands.runEverywhere([{ command: 'PUBSUB', args: ['NUMSUB', prefix] }]))
    check(reply, 'allow it, ACL SETUSER ... +pubsub, or set YREDIS=off')
}

/** What is asked for of a Redis. */
export interface RedisInspection {
  readonly address: string
  readonly isCluster: boolean
  readonly allowEviction: boolean
}

const SETTINGS = ['appendonly', 'appendfsync', 'maxmemory-policy']

/** From nothing to everything: what is not known may be as little as the last before it. */
const PROMISES: readonly Durability[] = ['redis-none', 'redis-unknown', 'redis-everysec', 'redis-always']

function inspectServer(
  [first, ...settings]: readonly RedisReply[],
  { address, isCluster, allowEviction }: RedisInspection,
): Durability {
  const info = textOf(first) ?? ''
  // of several servers: which one
  const [, port] = /^tcp_port:(\d+)/m.exec(info) ?? []
  const who = isCluster ? `Redis at ${address}, on its master at port ${port ?? '?'},` : `Redis at ${address}`
  const trouble = unsupported(info, isCluster)
  if (trouble !== undefined) throw new LogError('not-writable', `${who} ${trouble}`)
  const [appendOnly, fsync, policy] = settings.map(settingOf)
  // hosted servers refuse CONFIG and tell the policy in INFO
  const evicts = policy ?? /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction'
  if (evicts !== 'noeviction' && !allowEviction)
    throw new LogError(
      'not-writable',
      `${who} has maxmemory-policy ${evicts} and would throw rooms away: set it to noeviction, or REDIS_ALLOW_EVICTION=yes`,
    )
  return durabilityOf(appendOnly, fsync)
}

/** Why this server cannot be used, and what to do; `undefined` where it can, or where it may not be asked. */
function unsupported(info: string, isCluster: boolean): string | undefined {
  if (/^redis_mode:sentinel/m.test(info))
    return 'is a Sentinel: give REDIS_URL as redis+sentinel://host:port,host:port/name'
  if (/^cluster_enabled:1/m.test(info) && !isCluster)
    return 'is a node of a cluster: give REDIS_URL as redis+cluster://host:port (TLS: rediss+cluster://)'
  const [version, major, minor] = /^redis_version:(\d+)\.(\d+)\S*/m.exec(info) ?? []
  const isOld = Number(major) < MIN_MAJOR || (Number(major) === MIN_MAJOR && Number(minor) < MIN_MINOR)
  return isOld ? `has ${version}: version ${MIN_MAJOR}.${MIN_MINOR} or newer is needed` : undefined
}

function settingOf(reply: RedisReply): string | undefined {
  return reply instanceof Error ? undefined : textOf(listOf(reply)[1])
}

function durabilityOf(appendOnly: string | undefined, fsync: string | undefined): Durability {
  if (appendOnly === undefined || fsync === undefined) return 'redis-unknown'
  if (appendOnly !== 'yes') return 'redis-none'
  if (fsync === 'always') return 'redis-always'
  // `no`: the kernel decides, up to 30 s
  return fsync === 'everysec' ? 'redis-everysec' : 'redis-none'
}

/** OpenSSL's and Node's codes of a certificate that fails. */
function isUntrusted(error: Error): boolean {
  return (
    'code' in error &&
    /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|CERT_|ERR_TLS_CERT)/.test(
      String(error.code),
    )
  )
}

function isRefusal(error: Error): boolean {
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR AUTH)/.test(error.message)
}
