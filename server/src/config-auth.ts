import * as v from 'valibot'
import type { JwtOptions } from './auth/jwt.ts'
import { createVerify, type JwtKeySource } from './auth/jwt-keys.ts'
import type { ConfigKey, ConfigProblem } from './config-key.ts'
import { isLoopback } from './loopback.ts'

/** Who may enter rooms: anybody, or whoever brings a valid token. */
export type AuthConfig = { readonly kind: 'open' } | { readonly kind: 'jwt'; readonly options: JwtOptions }

const SECRET = 'AUTH_JWT_SECRET'
const PUBLIC_KEY = 'AUTH_JWT_PUBLIC_KEY'
const JWKS_URL = 'AUTH_JWKS_URL'
const ISSUER = 'AUTH_JWT_ISSUER'
const AUDIENCE = 'AUTH_JWT_AUDIENCE'
const MODE = 'AUTH_MODE'

/** Exactly one of them says how tokens are checked. */
const KEYS = [SECRET, PUBLIC_KEY, JWKS_URL] as const
const KNOWN: ReadonlySet<string> = new Set([...KEYS, ISSUER, AUDIENCE])

/** The variables of the door, in the order `--help` lists them. */
export const AUTH_CONFIG_KEYS: readonly ConfigKey[] = [
  {
    env: MODE,
    default: '',
    meaning:
      '"open" = anybody may write, the default on loopback only; "jwt" = tokens, the default with one of the keys',
  },
  {
    env: SECRET,
    default: '',
    meaning: 'key of HS256 tokens, 32 bytes at least, shared with who issues them',
  },
  {
    env: PUBLIC_KEY,
    default: '',
    meaning: 'PEM of the public key (Ed25519, RSA, P-256) of who issues tokens',
  },
  { env: JWKS_URL, default: '', meaning: 'key set of who issues tokens; https, or http on loopback' },
  { env: ISSUER, default: '', meaning: 'iss that tokens must have' },
  { env: AUDIENCE, default: '', meaning: 'aud that tokens must have, or contain' },
]

const mode = v.picklist(['open', 'jwt'], '"open" or "jwt"')

/** What reading the environment brings along. */
export interface AuthEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The trimmed value, `undefined` where empty. */
  readonly raw: (key: string) => string | undefined
  readonly read: <T>(key: string, schema: v.GenericSchema<string, T>) => T | undefined
  readonly problems: ConfigProblem[]
}

/**
 * Reads who may enter. A setting that would not be honoured is a problem: the operator would believe a door closed that is
 * open.
 */
export function readAuth({ env, raw, read, problems }: AuthEnvironment, host: string): AuthConfig {
  const chosen = read(MODE, mode)
  const given = KEYS.filter((key) => raw(key) !== undefined)
  const problem = (keys: readonly string[], message: string): AuthConfig => {
    problems.push({ keys, message })
    return { kind: 'open' }
  }
  for (const key of Object.keys(env)) {
    if (/^AUTH_JW(T|KS)/.test(key) && !KNOWN.has(key) && raw(key) !== undefined)
      problem([key], `is no setting; there are ${[...KNOWN].join(', ')}`)
  }
  const [first, second] = given
  if (second !== undefined) return problem(given, 'cannot be set together: tokens are checked in one way')
  if (chosen === 'open' && first !== undefined)
    return problem([MODE, first], 'contradict each other: AUTH_MODE=open asks for no token')
  if (first !== undefined) return readJwt(first, raw, problem)
  if (chosen === 'jwt') return problem([MODE], `needs one of ${KEYS.join(', ')}`)
  for (const key of [ISSUER, AUDIENCE])
    if (raw(key) !== undefined) problem([key], `needs one of ${KEYS.join(', ')}`)
  if (raw(MODE) === undefined && !isLoopback(host))
    problem(
      [MODE],
      `must be chosen when HOST is not loopback (${host} is reachable from elsewhere): AUTH_MODE=open lets anybody in, AUTH_JWT_SECRET and others only who brings a token`,
    )
  return { kind: 'open' }
}

function readJwt(
  key: (typeof KEYS)[number],
  raw: (key: string) => string | undefined,
  problem: (keys: readonly string[], message: string) => AuthConfig,
): AuthConfig {
  const source = toSource(key, raw(key) ?? '')
  if (source === undefined)
    return problem(
      [key],
      'must be an https address, or http on this machine: http://127.0.0.1:8080/jwks.json',
    )
  try {
    createVerify(source)
  } catch (error) {
    // never the value itself
    return problem([key], error instanceof TypeError ? error.message : 'cannot be used')
  }
  const issuer = raw(ISSUER)
  const audience = raw(AUDIENCE)
  return {
    kind: 'jwt',
    options: {
      ...source,
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
    },
  }
}

function toSource(key: (typeof KEYS)[number], value: string): JwtKeySource | undefined {
  switch (key) {
    case SECRET:
      return { secret: value }
    case PUBLIC_KEY:
      return { publicKey: value }
    case JWKS_URL:
      return isKeySetAddress(value) ? { jwksUrl: value } : undefined
  }
}

/** Whoever can change what comes over plain http could sign tokens of their own. */
function isKeySetAddress(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text)
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')))
  } catch {
    // TypeError: no address
    return false
  }
}
