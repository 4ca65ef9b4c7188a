import { isIP } from 'node:net'
import { fileURLToPath } from 'node:url'
import { isAbsolute, resolve } from 'node:path'
import { DEFAULT_LIMITS, LIMIT_SPECS, type LimitName, type Limits, type LimitSpec } from '@roomful/shared'
import * as v from 'valibot'
import { AUTH_CONFIG_KEYS, readAuth, type AuthConfig } from './config-auth.ts'
import type { ConfigKey, ConfigProblem } from './config-key.ts'
import { readRedis, REDIS_CONFIG_KEYS, type RedisStorage } from './config-redis.ts'

/** Where the log lives. */
export type Storage =
  | { readonly kind: 'embedded'; readonly dir: string }
  /** `DATA_DIR=:memory:`: nothing is kept. */
  | { readonly kind: 'memory' }
  | RedisStorage

/** Levels of the log, quietest last. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Which pages may open a room's socket: those of this server's own address, these, or any. */
export type AllowedOrigins =
  | { readonly kind: 'same' }
  | { readonly kind: 'list'; readonly origins: ReadonlySet<string> }
  | { readonly kind: 'any' }

/** The server's configuration, checked. Paths are absolute. */
export interface Config {
  readonly port: number
  readonly host: string
  readonly storage: Storage
  /** `undefined` = random per start. */
  readonly instanceId: string | undefined
  readonly staticDir: string
  readonly allowedOrigins: AllowedOrigins
  readonly auth: AuthConfig
  readonly adminToken: string | undefined
  readonly logLevel: LogLevel
  readonly limits: Limits
}

/** A configuration, or everything that is wrong with it. */
export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** Every variable that is no limit, in the order `--help` lists them. */
export const CONFIG_KEYS: readonly ConfigKey[] = [
  { env: 'PORT', default: '3000', meaning: 'TCP port; 0 = any free one' },
  {
    env: 'HOST',
    default: '127.0.0.1',
    meaning: 'address to listen on; beyond loopback AUTH_MODE must be chosen',
  },
  { env: 'DATA_DIR', default: './data', meaning: 'folder of the embedded log; ":memory:" keeps nothing' },
  ...REDIS_CONFIG_KEYS,
  {
    env: 'INSTANCE_ID',
    default: '',
    meaning: 'name of this process, 1-64 of A-Z a-z 0-9 . _ ~ -; random per start',
  },
  { env: 'STATIC_DIR', default: 'client/app/dist', meaning: 'folder of the built web app' },
  {
    env: 'ALLOWED_ORIGINS',
    default: '',
    meaning: 'comma list of page origins that may open rooms, "*" = any; default: this server\'s own',
  },
  ...AUTH_CONFIG_KEYS,
  {
    env: 'AUTH_ADMIN_TOKEN',
    default: '',
    meaning: 'bearer token of /api/v1/rooms, long and random; unset = off',
  },
  { env: 'LOG_LEVEL', default: 'info', meaning: LOG_LEVELS.join(', ') },
  {
    env: 'VERCEL_ENV',
    default: '',
    meaning: 'set by Vercel: all but development need REDIS_URL, and AUTH_MODE chosen',
  },
]

/**
 * The folder relative paths start from: the repository's (or, in an installed package, the package's parent), two above
 * this file in source and in build alike, never the working directory.
 */
export const REPOSITORY_ROOT: string = fileURLToPath(new URL('../../', import.meta.url))

const INSTANCE_ID = /^[A-Za-z0-9._~-]{1,64}$/
/** setTimeout turns a longer delay into 1 ms. */
const MAX_TIMER_MS = 2 ** 31 - 1
/** A WebSocket frame becomes one Buffer. */
const MAX_FRAME_BYTES = 2 ** 30

const integer = (min: number, max: number): v.GenericSchema<string, number> =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,16}$/, `a whole number from ${min} to ${max}`),
    v.transform(Number),
    v.minValue(min, `a whole number from ${min} to ${max}`),
    v.maxValue(max, `a whole number from ${min} to ${max}`),
  )

const port = integer(0, 65_535)
const host = v.pipe(
  v.string(),
  v.check((text) => isIP(text) > 0 || /^[A-Za-z0-9.-]{1,253}$/.test(text), 'an IP address or a host name'),
)
const instanceId = v.pipe(v.string(), v.regex(INSTANCE_ID, '1-64 of A-Z a-z 0-9 . _ ~ -'))
const adminToken = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{1,512}$/, 'up to 512 printable characters without spaces'),
)
const logLevel = v.picklist(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`)
const origin = v.pipe(
  v.string(),
  v.check((text) => parseOrigin(text) !== undefined, 'origins such as https://example.com, or *'),
)

/**
 * Reads the whole configuration from environment variables: empty means unset, unknown ones are ignored.
 *
 * @example
 * const result = readConfig(process.env)
 * if (!result.ok) console.error(formatProblems(result.problems))
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const problems: ConfigProblem[] = []
  const raw = (key: string): string | undefined => env[key]?.trim() || undefined
  const read = <T>(key: string, schema: v.GenericSchema<string, T>): T | undefined => {
    const text = raw(key)
    if (text === undefined) return undefined
    const result = v.safeParse(schema, text)
    if (result.success) return result.output
    problems.push({ keys: [key], message: `must be ${result.issues[0].message}` })
    return undefined
  }

  const limits = readLimits(read, problems)
  const listenHost = read('HOST', host) ?? '127.0.0.1'
  // `vercel dev` says development; custom environments have names of their own
  const isHosted = !['development', undefined].includes(raw('VERCEL_ENV'))
  // there nobody asks for HOST: the platform listens, for everybody
  const auth = readAuth({ env, raw, read, problems }, isHosted ? 'vercel' : listenHost)
  const redis = readRedis(read, problems)
  if (isHosted && redis === undefined && raw('REDIS_URL') === undefined)
    problems.push({
      keys: ['REDIS_URL'],
      message: 'must be set on Vercel: instances come and go, and share rooms through Redis only',
    })

  const config: Config = {
    port: read('PORT', port) ?? 3000,
    host: listenHost,
    storage: redis ?? parseStorage(raw('DATA_DIR') ?? './data'),
    instanceId: read('INSTANCE_ID', instanceId),
    staticDir: fromRoot(raw('STATIC_DIR') ?? 'client/app/dist'),
    allowedOrigins: parseAllowedOrigins(raw('ALLOWED_ORIGINS'), problems),
    auth,
    adminToken: read('AUTH_ADMIN_TOKEN', adminToken),
    logLevel: read('LOG_LEVEL', logLevel) ?? 'info',
    limits,
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config }
}

function readLimits(
  read: <T>(key: string, schema: v.GenericSchema<string, T>) => T | undefined,
  problems: ConfigProblem[],
): Limits {
  const values: Record<LimitName, number> = { ...DEFAULT_LIMITS }
  for (const [name, spec] of limitEntries()) {
    values[name] = read(spec.env, integer(limitMin(name), limitMax(name, spec))) ?? spec.default
  }
  for (const [small, large] of LIMIT_ORDER) {
    if (values[small] <= values[large]) continue
    const keys = [LIMIT_SPECS[small].env, LIMIT_SPECS[large].env]
    problems.push({
      keys,
      message: `the first (${values[small]}) must not be above the second (${values[large]})`,
    })
  }
  return values
}

/** Pairs of which the first must not be above the second: otherwise the second could never be reached. */
const LIMIT_ORDER: readonly (readonly [LimitName, LimitName])[] = [
  ['frameBytes', 'hardFrameBytes'],
  ['sendBufferBytes', 'sendBufferMaxBytes'],
]

function limitEntries(): [LimitName, LimitSpec][] {
  return Object.entries(LIMIT_SPECS) as [LimitName, LimitSpec][]
}

/** Smallest value accepted: only unloading may be immediate. */
export function limitMin(name: LimitName): number {
  return name === 'unloadMs' ? 0 : 1
}

/** Largest value accepted. */
export function limitMax(name: LimitName, spec: LimitSpec): number {
  // beyond it no client was ever measured
  if (name === 'chatMessages') return 10_000
  if (name === 'frameBytes' || name === 'hardFrameBytes') return MAX_FRAME_BYTES
  return spec.unit === 'ms' ? MAX_TIMER_MS : Number.MAX_SAFE_INTEGER
}

/** Parses an origin as browsers send it; `undefined` where the text is none. */
export function parseOrigin(text: string): string | undefined {
  try {
    const url = new URL(text)
    const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
    // a path or a query would silently never match
    return isWeb && (url.href === `${url.origin}/` || url.href === url.origin) ? url.origin : undefined
  } catch {
    // TypeError: not a URL
    return undefined
  }
}

function parseAllowedOrigins(text: string | undefined, problems: ConfigProblem[]): AllowedOrigins {
  if (text === undefined) return { kind: 'same' }
  const origins = new Set<string>()
  for (const part of text.split(',').map((p) => p.trim())) {
    if (part === '*') return { kind: 'any' }
    if (part === '') continue
    if (!v.is(origin, part)) {
      problems.push({
        keys: ['ALLOWED_ORIGINS'],
        message: `must be a comma list of origins such as https://example.com, or *`,
      })
      break
    }
    origins.add(parseOrigin(part) ?? part)
  }
  return { kind: 'list', origins }
}

function parseStorage(dataDir: string): Storage {
  return dataDir === ':memory:' ? { kind: 'memory' } : { kind: 'embedded', dir: fromRoot(dataDir) }
}

function fromRoot(path: string): string {
  return isAbsolute(path) ? path : resolve(REPOSITORY_ROOT, path)
}
