import { isAbsolute, join } from 'node:path'
import { DEFAULT_LIMITS, LIMIT_SPECS, type LimitName, type LimitSpec } from '@roomful/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatHelp, formatProblems } from './config-help.ts'
import {
  CONFIG_KEYS,
  limitMax,
  limitMin,
  parseOrigin,
  readConfig,
  REPOSITORY_ROOT,
  type Config,
} from './config.ts'
import type { ConfigProblem } from './config-key.ts'
import { isLoopback } from './loopback.ts'

type Env = Record<string, string>

function valid(env: Env): Config {
  const result = readConfig(env)
  if (!result.ok) throw new Error(formatProblems(result.problems))
  return result.config
}

function problems(env: Env): readonly ConfigProblem[] {
  const result = readConfig(env)
  return result.ok ? [] : result.problems
}

const limits = Object.entries(LIMIT_SPECS) as [LimitName, LimitSpec][]

describe('defaults', () => {
  test('nothing set is the contract of DESIGN section 1', () => {
    expect(valid({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      storage: { kind: 'embedded', dir: join(REPOSITORY_ROOT, 'data') },
      instanceId: undefined,
      staticDir: join(REPOSITORY_ROOT, 'client/app/dist'),
      allowedOrigins: { kind: 'same' },
      auth: { kind: 'open' },
      adminToken: undefined,
      logLevel: 'info',
      limits: DEFAULT_LIMITS,
    })
  })

  test('empty and blank mean unset, for every key', () => {
    const keys = [...CONFIG_KEYS.map((key) => key.env), ...limits.map(([, spec]) => spec.env)]
    for (const blank of ['', '  '])
      expect(valid(Object.fromEntries(keys.map((key) => [key, blank])))).toEqual(valid({}))
  })

  test('unknown variables are ignored, whatever they hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^X_[A-Z_]{0,20}$/), fc.string()), (env) => {
        expect(valid(env)).toEqual(valid({}))
      }),
    )
  })

  test('relative paths start at the repository root, not at the working directory', () => {
    const config = valid({ DATA_DIR: 'some/where', STATIC_DIR: '/abs/dist' })
    expect(config.storage).toEqual({ kind: 'embedded', dir: join(REPOSITORY_ROOT, 'some/where') })
    expect(config.staticDir).toBe('/abs/dist')
    expect(isAbsolute(REPOSITORY_ROOT)).toBe(true)
  })

  test(':memory: keeps nothing', () => {
    expect(valid({ DATA_DIR: ':memory:' }).storage).toEqual({ kind: 'memory' })
  })
})

describe('limits', () => {
  test.each(limits)('%s is read from its variable and nothing else', (name, spec) => {
    fc.assert(
      // above the default, so that no relation with another limit is broken
      fc.property(
        fc.integer({ min: spec.default, max: Math.min(limitMax(name, spec), spec.default * 4) }),
        (value) => {
          const env: Env = { [spec.env]: String(value) }
          const partners: Env = {
            LIMIT_HARD_FRAME_BYTES: String(2 ** 30),
            LIMIT_SEND_BUFFER_MAX_BYTES: String(2 ** 30),
          }
          expect(valid({ ...partners, ...env }).limits[name]).toBe(value)
        },
      ),
      { numRuns: 20 },
    )
  })

  test.each(limits)('%s outside its range, or no whole number, is a problem that names it', (name, spec) => {
    const wrong = [
      String(limitMin(name) - 1),
      String(limitMax(name, spec) + 1),
      '1.5',
      '1e3',
      '0x10',
      'many',
      '-1',
      '∞',
    ]
    for (const text of wrong) {
      expect(
        problems({ [spec.env]: text }).flatMap((problem) => problem.keys),
        text,
      ).toContain(spec.env)
    }
  })

  test('limits that contradict each other are one problem that names both', () => {
    expect(problems({ LIMIT_FRAME_BYTES: '100', LIMIT_HARD_FRAME_BYTES: '99' })).toMatchObject([
      { keys: ['LIMIT_FRAME_BYTES', 'LIMIT_HARD_FRAME_BYTES'] },
    ])
    expect(problems({ LIMIT_SEND_BUFFER_MAX_BYTES: '1000' })).toMatchObject([
      { keys: ['LIMIT_SEND_BUFFER_BYTES', 'LIMIT_SEND_BUFFER_MAX_BYTES'] },
    ])
  })
})

describe('access', () => {
  test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('%s is loopback: open by default', (host) => {
    expect(isLoopback(host)).toBe(true)
    expect(valid({ HOST: host }).host).toBe(host)
  })

  test.each(['0.0.0.0', '::', '192.168.1.7', 'example.com', '127.example.com'])(
    '%s is not: AUTH_MODE must be chosen',
    (host) => {
      expect(problems({ HOST: host })).toMatchObject([{ keys: ['AUTH_MODE'] }])
      expect(valid({ HOST: host, AUTH_MODE: 'open' }).host).toBe(host)
    },
  )

  const SECRET = 'a secret that has thirty-two bytes and more'
  const ED25519 =
    '-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAmsjV7DQUEZXTQpvIZUPFmMg2Axi8NHCJa0TRifrmGxM=\\n-----END PUBLIC KEY-----'

  test('a key for tokens closes the door, on every address', () => {
    expect(valid({ AUTH_JWT_SECRET: SECRET }).auth).toEqual({ kind: 'jwt', options: { secret: SECRET } })
    expect(valid({ AUTH_JWT_PUBLIC_KEY: ED25519 }).auth).toMatchObject({ kind: 'jwt' })
    const address = 'https://id.example/.well-known/jwks.json'
    const env = { HOST: '0.0.0.0', AUTH_MODE: 'jwt', AUTH_JWKS_URL: address }
    expect(valid({ ...env, AUTH_JWT_ISSUER: 'https://id.example', AUTH_JWT_AUDIENCE: 'rooms' }).auth).toEqual(
      {
        kind: 'jwt',
        options: { jwksUrl: address, issuer: 'https://id.example', audience: 'rooms' },
      },
    )
    for (const local of ['http://127.0.0.1:8080/jwks', 'http://localhost/jwks', 'http://[::1]:8080/jwks'])
      expect(valid({ AUTH_JWKS_URL: local }).auth.kind, local).toBe('jwt')
  })

  test('a key that cannot be used is refused, and never printed', () => {
    const env = { AUTH_JWT_SECRET: 'short-secret' }
    expect(problems(env)).toMatchObject([{ keys: ['AUTH_JWT_SECRET'] }])
    expect(formatProblems(problems(env))).not.toContain('short-secret')
    expect(problems({ AUTH_JWT_PUBLIC_KEY: 'x' })).toMatchObject([{ keys: ['AUTH_JWT_PUBLIC_KEY'] }])
    for (const url of ['id.example/jwks', 'http://id.example/jwks', 'file:///etc/jwks'])
      expect(problems({ AUTH_JWKS_URL: url }), url).toMatchObject([{ keys: ['AUTH_JWKS_URL'] }])
  })

  test('a setting that would not be honoured is refused: the operator would believe a door closed that is open', () => {
    const keysOf = (env: Env): unknown => problems(env).map((problem) => problem.keys)
    expect(keysOf({ AUTH_MODE: 'jwt' })).toEqual([['AUTH_MODE']])
    expect(keysOf({ AUTH_MODE: 'open', AUTH_JWT_SECRET: SECRET })).toEqual([['AUTH_MODE', 'AUTH_JWT_SECRET']])
    expect(keysOf({ AUTH_JWT_SECRET: SECRET, AUTH_JWKS_URL: 'https://a.example' })).toEqual([
      ['AUTH_JWT_SECRET', 'AUTH_JWKS_URL'],
    ])
    expect(keysOf({ AUTH_JWT_ISSUER: 'a' })).toEqual([['AUTH_JWT_ISSUER']])
    expect(keysOf({ AUTH_JWT_AUDIENCE: 'a' })).toEqual([['AUTH_JWT_AUDIENCE']])
    expect(keysOf({ AUTH_JWT_SECERT: SECRET })).toEqual([['AUTH_JWT_SECERT']])
  })

  test('REDIS_URL replaces the folder, with its prefix, authority and leave to evict', () => {
    expect(valid({ REDIS_URL: 'redis://127.0.0.1' }).storage).toEqual({
      kind: 'redis',
      url: 'redis://127.0.0.1',
      prefix: 'roomful:',
      ca: undefined,
      allowEviction: false,
      yredis: 'live',
      retentionMs: undefined,
    })
    const env = {
      REDIS_URL: 'rediss://ada:secret@redis.example:6380/1',
      REDIS_PREFIX: 'staging:',
      REDIS_CA: '-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----',
      REDIS_ALLOW_EVICTION: 'yes',
      YREDIS: 'auto',
      REDIS_RETENTION_DAYS: '0.5',
    }
    expect(valid(env).storage).toMatchObject({
      prefix: 'staging:',
      ca: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
      allowEviction: true,
      yredis: 'auto',
      retentionMs: 43_200_000,
    })
  })

  test('a Redis that cannot be had is refused, and its password never printed', () => {
    for (const url of ['127.0.0.1:6379', 'http://redis.example', 'redis://', 'ada:secret@redis'])
      expect(problems({ REDIS_URL: url }), url).toMatchObject([{ keys: ['REDIS_URL'] }])
    expect(formatProblems(problems({ REDIS_URL: 'ada:secret@redis' }))).not.toContain('secret')
    expect(formatProblems(problems({ REDIS_URL: 'redis://10.0.0.1:6379,10.0.0.2:6379' }))).toContain(
      'or redis+cluster://host:port,host:port',
    )
    const cluster = 'redis+cluster://:secret@10.0.0.1:7000'
    expect(problems({ REDIS_URL: `${cluster}/2` })).toEqual([
      { keys: ['REDIS_URL'], message: expect.stringMatching(/^a cluster has no database but 0/) },
    ])
    expect(problems({ REDIS_URL: cluster, YREDIS: 'auto' })).toMatchObject([{ keys: ['YREDIS'] }])
    expect(problems({ REDIS_URL: 'redis://r', REDIS_SENTINEL_PASSWORD: 'secret' })).toMatchObject([
      { keys: ['REDIS_SENTINEL_PASSWORD'] },
    ])
    for (const days of ['never', '0', '-1', '0.01', '1e9'])
      expect(problems({ REDIS_URL: 'redis://r', REDIS_RETENTION_DAYS: days }), days).toMatchObject([
        { keys: ['REDIS_RETENTION_DAYS'] },
      ])
    expect(problems({ REDIS_PREFIX: '{room}' })).toMatchObject([{ keys: ['REDIS_PREFIX'] }])
    const ca = '-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----'
    expect(problems({ REDIS_URL: 'redis://r', REDIS_CA: ca })).toMatchObject([{ keys: ['REDIS_CA'] }])
  })

  test('origins are normalised as browsers send them', () => {
    expect(
      valid({ ALLOWED_ORIGINS: ' https://App.example:443, http://localhost:5173/ ,' }).allowedOrigins,
    ).toEqual({
      kind: 'list',
      origins: new Set(['https://app.example', 'http://localhost:5173']),
    })
    expect(valid({ ALLOWED_ORIGINS: '*' }).allowedOrigins).toEqual({ kind: 'any' })
    for (const wrong of ['app.example', 'https://a.example/path', 'ftp://a.example', 'null'])
      expect(problems({ ALLOWED_ORIGINS: wrong }), wrong).toMatchObject([{ keys: ['ALLOWED_ORIGINS'] }])
  })

  test('any text is an origin or undefined, never a throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
        const origin = parseOrigin(text)
        expect(origin === undefined || new URL(origin).origin === origin).toBe(true)
      }),
    )
  })
})

describe('on Vercel', () => {
  test.each(['production', 'preview', 'staging'])('%s needs Redis, and to be told who may enter', (name) => {
    const keys = problems({ VERCEL_ENV: name }).flatMap((problem) => problem.keys)
    expect(keys).toEqual(['AUTH_MODE', 'REDIS_URL'])
    const env = { VERCEL_ENV: name, REDIS_URL: 'rediss://h:6380' }
    expect(valid({ ...env, AUTH_MODE: 'open' }).storage).toMatchObject({ kind: 'redis' })
    // who listens on loopback there serves everybody all the same
    expect(problems({ ...env, HOST: '127.0.0.1' })).toMatchObject([{ keys: ['AUTH_MODE'] }])
  })

  test('development is this machine', () => {
    expect(valid({ VERCEL_ENV: 'development' }).storage).toMatchObject({ kind: 'embedded' })
  })
})

describe('problems', () => {
  test('one error names every bad key', () => {
    const env = {
      PORT: '70000',
      HOST: 'no host',
      INSTANCE_ID: 'a b',
      YREDIS: 'maybe',
      LOG_LEVEL: 'loud',
      LIMIT_ROOMS: 'few',
      ALLOWED_ORIGINS: 'x',
      AUTH_ADMIN_TOKEN: 'two words',
      REDIS_URL: 'http://r',
    }
    const found = problems(env)
    expect(new Set(found.flatMap((problem) => problem.keys))).toEqual(new Set(Object.keys(env)))
    const line = formatProblems(found)
    for (const key of Object.keys(env)) expect(line).toContain(key)
    expect(line).not.toContain('\n')
    expect(line).toContain('--help')
  })

  test('any values of known keys give a configuration or problems that name known keys, never a throw', () => {
    const keys = [...CONFIG_KEYS.map((key) => key.env), ...limits.map(([, spec]) => spec.env)]
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.string({ unit: 'binary' })), (env) => {
        for (const problem of problems(env)) for (const key of problem.keys) expect(keys).toContain(key)
      }),
    )
  })
})

test('--help lists every variable with its default', () => {
  const help = formatHelp('0.0.0')
  for (const key of CONFIG_KEYS) expect(help).toMatch(new RegExp(`^  ${key.env} `, 'm'))
  for (const [, spec] of limits) expect(help).toMatch(new RegExp(`^  ${spec.env} +${spec.default} `, 'm'))
})
