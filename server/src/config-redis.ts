import * as v from 'valibot'
import { addressTrouble, parseRedisAddress, REDIS_ADDRESS_FORMS } from './log/redis-address.ts'
import type { YRedisMode } from './log/yredis-mode.ts'
import type { ConfigKey, ConfigProblem } from './config-key.ts'

/** A log that several instances share. */
export interface RedisStorage {
  readonly kind: 'redis'
  /** May hold a password: never logged. */
  readonly url: string
  readonly prefix: string
  /** PEM of the authority behind a `rediss://` server's certificate. */
  readonly ca: string | undefined
  readonly sentinelPassword: string | undefined
  readonly allowEviction: boolean
  readonly yredis: YRedisMode
  /** How long a room is kept that nobody has open; `undefined` = for ever. */
  readonly retentionMs: number | undefined
}

/** The variables of {@link readRedis}, for `--help`. */
export const REDIS_CONFIG_KEYS: readonly ConfigKey[] = [
  {
    env: 'REDIS_URL',
    default: '',
    meaning:
      'log shared by several instances, redis://user:password@host:port/db, rediss:// (TLS), redis+sentinel://user:password@host:port,host:port/name/db, or redis+cluster://user:password@host:port,host:port; replaces DATA_DIR',
  },
  { env: 'REDIS_PREFIX', default: 'roomful:', meaning: 'prefix of every key in Redis' },
  {
    env: 'REDIS_CA',
    default: '',
    meaning: 'PEM of the authority that signed the certificate of a rediss:// server; \\n for line ends',
  },
  { env: 'REDIS_SENTINEL_PASSWORD', default: '', meaning: 'password of the Sentinels themselves' },
  {
    env: 'REDIS_ALLOW_EVICTION',
    default: 'no',
    meaning: 'yes: start although maxmemory-policy lets Redis throw rooms away',
  },
  {
    env: 'REDIS_RETENTION_DAYS',
    default: '',
    meaning:
      'days after which Redis forgets a room that nobody has open, for example 90; the same for all instances; empty = never',
  },
  {
    env: 'YREDIS',
    default: 'live',
    meaning:
      "rooms in y-redis's layout as well, with REDIS_URL: live; auto = only while such a process listens (no Cluster); off",
  },
]

const url = v.pipe(
  v.string(),
  v.check((text) => parseRedisAddress(text) !== undefined, REDIS_ADDRESS_FORMS),
)
const prefix = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7a|~]{1,64}$/, '1-64 printable characters without spaces and braces'),
)
const ca = v.pipe(
  v.string(),
  v.transform((text) => text.replaceAll('\\n', '\n')),
  v.regex(/^-----BEGIN CERTIFICATE-----\n/, 'a PEM that begins with -----BEGIN CERTIFICATE-----'),
)
const yredis = v.picklist(['live', 'auto', 'off'], 'live, auto or off')
const DAY_MS = 86_400_000
/** An hour to a hundred years. */
const RETENTION_DAYS = [1 / 24, 36_500] as const
const retentionMs = v.pipe(
  v.string(),
  v.transform(Number),
  v.check(
    (days) => days >= RETENTION_DAYS[0] && days <= RETENTION_DAYS[1],
    'a number of days, at least an hour of one (0.05)',
  ),
  v.transform((days) => Math.round(days * DAY_MS)),
)
const yesNo = v.picklist(['yes', 'no'], 'yes or no')

/** Reads the Redis log's settings; `undefined` where `REDIS_URL` is unset or wrong. */
export function readRedis(
  read: <T>(key: string, schema: v.GenericSchema<string, T>) => T | undefined,
  problems: ConfigProblem[],
): RedisStorage | undefined {
  const address = read('REDIS_URL', url)
  const storage = {
    prefix: read('REDIS_PREFIX', prefix) ?? 'roomful:',
    ca: read('REDIS_CA', ca),
    sentinelPassword: read('REDIS_SENTINEL_PASSWORD', v.string()),
    allowEviction: read('REDIS_ALLOW_EVICTION', yesNo) === 'yes',
    yredis: read('YREDIS', yredis) ?? 'live',
    retentionMs: read('REDIS_RETENTION_DAYS', retentionMs),
  }
  if (address === undefined) return undefined
  const parsed = parseRedisAddress(address)
  const trouble = parsed === undefined ? undefined : addressTrouble(parsed)
  if (trouble !== undefined) problems.push({ keys: ['REDIS_URL'], message: trouble })
  if (parsed?.layout.kind === 'cluster' && storage.yredis === 'auto')
    problems.push({
      keys: ['YREDIS'],
      message: 'auto asks Redis who listens, which a cluster cannot say: use live or off',
    })
  if (storage.ca !== undefined && parsed?.isTls !== true)
    problems.push({ keys: ['REDIS_CA'], message: 'needs REDIS_URL to be a rediss:// address' })
  if (storage.sentinelPassword !== undefined && parsed?.layout.kind !== 'sentinels')
    problems.push({
      keys: ['REDIS_SENTINEL_PASSWORD'],
      message: 'needs REDIS_URL to be a redis+sentinel:// address',
    })
  return { kind: 'redis', url: address, ...storage }
}
