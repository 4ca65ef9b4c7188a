import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  CLOSE,
  encodeAwareness,
  encodeCheck,
  encodeFragment,
  encodeHello,
  encodeMoved,
  encodeNotice,
  encodePermissionDenied,
  encodeQueryAwareness,
  encodeReport,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  LIMIT_SPECS,
  NOTICE_CODES,
} from '@roomful/shared'
import { REFUSALS } from '../../server/src/metrics.ts'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const doc = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8')

const TEST_FOLDERS = [
  'shared/src',
  'server/src',
  'client/provider/src',
  'client/react/src',
  'client/app/src',
  'tests',
]

/** The source of every test, by its path. */
const tests = new Map(
  TEST_FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name): [string, string] => [join(folder, name), readFileSync(join(ROOT, folder, name), 'utf8')]),
  ),
)

const idsOf = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
]
const stated = [...doc.matchAll(/^\| (W\d+) \|/gm)].map((match) => match[1] ?? '')

describe('docs/protocol.md', () => {
  test('states each rule once', () => {
    expect(stated.length).toBeGreaterThan(25)
    expect(stated.toSorted()).toEqual([...new Set(stated)].toSorted())
  })

  test('every rule is quoted by the name of a test', () => {
    const quoted = new Set([...tests.values()].flatMap((source) => idsOf(source, /\[(W\d+)\]/g)))
    expect(stated.filter((id) => !quoted.has(id))).toEqual([])
  })

  test('every rule that a test quotes is stated, and so is every rule the text refers to', () => {
    const unknown = [...tests].flatMap(([path, source]) =>
      idsOf(source, /\[(W\d+)\]/g)
        .filter((id) => !stated.includes(id))
        .map((id) => `${path}: ${id}`),
    )
    expect(unknown).toEqual([])
    expect(idsOf(doc, /\b(W\d+)\b/g).filter((id) => !stated.includes(id))).toEqual([])
  })

  test('its table of close codes is the table of the code', () => {
    const rows = [...doc.matchAll(/^\| (\d{4}) \| (yes|no) \| (.+) \| (.+) \|$/gm)].map((match) => ({
      code: Number(match[1]),
      terminal: match[2] === 'yes',
      meaning: match[3],
      advice: match[4],
    }))
    expect(rows).toEqual(Object.values(CLOSE))
  })

  test('[W1] its golden bytes are what the encoders give', () => {
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
    const golden = [...doc.matchAll(/^\| \d+ \| .+ \| `([0-9a-f ]+)`.* \|$/gm)].map((match) =>
      (match[1] ?? '').replaceAll(' ', ''),
    )
    expect(golden).toEqual(
      [
        encodeSyncStep1(Uint8Array.of(0)),
        encodeSyncStep2(Uint8Array.of(0, 0)),
        encodeUpdate(Uint8Array.of(0, 0)),
        encodeAwareness(Uint8Array.of(0)),
        encodePermissionDenied('no'),
        encodeQueryAwareness(),
        encodeSyncStatus(Uint8Array.of(7)),
        encodeHello('{}'),
        encodeNotice('{}'),
        encodeFragment({ index: 0, count: 2, totalBytes: 5, slice: Uint8Array.of(0, 1, 2) }),
        encodeCheck({ sent: 3, state: Uint8Array.of(1, 2), digest: Uint8Array.of(9) }),
        encodeReport('content'),
        encodeMoved([{ clientId: 5, clock: 300, numbers: Uint8Array.of(0x0a, 0x5e, 0x12) }]),
      ].map(hex),
    )
  })

  test('names limits, notices and refusals that exist', () => {
    const limits = idsOf(doc, /`(LIMIT_[A-Z_]+)`/g)
    expect(limits.filter((env) => !Object.values(LIMIT_SPECS).some((spec) => spec.env === env))).toEqual([])
    for (const code of NOTICE_CODES) expect(doc).toContain(`\`${code}\``)
    expect(idsOf(doc, /reason="([a-z-]+)"/g).filter((reason) => !REFUSALS.some((r) => r === reason))).toEqual(
      [],
    )
  })
})
