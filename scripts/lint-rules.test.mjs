import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT, toolPath } from './run.mjs'

// A rule that is lost in an edit of .oxlintrc.json is noticed by nobody: each has a violation here that must be found.

/** @type {readonly (readonly [rule: string, file: string, source: string])[]} */
const VIOLATIONS = [
  // the way imports go
  ['no-restricted-imports', 'shared/src/up.ts', "export { x } from '@roomful/provider'"],
  ['no-restricted-imports', 'shared/src/node.ts', "export { readFileSync } from 'node:fs'"],
  ['no-restricted-imports', 'shared/src/sideways.ts', "export { x } from '../../server/src/index.ts'"],
  ['no-restricted-imports', 'client/provider/src/react.ts', "export { useState } from 'react'"],
  ['no-restricted-imports', 'client/provider/src/up.ts', "export { x } from '@roomful/react'"],
  ['no-restricted-imports', 'client/provider/src/node.ts', "export { readFileSync } from 'node:fs'"],
  ['no-restricted-imports', 'client/provider/src/server.ts', "export { x } from '@roomful/server'"],
  ['no-restricted-imports', 'client/react/src/up.ts', "export { x } from '@roomful/app'"],
  ['no-restricted-imports', 'client/react/src/server.ts', "export { x } from '@roomful/server'"],
  ['no-restricted-imports', 'client/react/src/inside.ts', "export { x } from '../../provider/src/chat.ts'"],
  ['no-restricted-imports', 'client/app/src/server.ts', "export { x } from '@roomful/server'"],
  ['no-restricted-imports', 'client/app/src/inside.ts', "export { x } from '@roomful/provider/src/chat.ts'"],
  [
    'no-restricted-imports',
    'client/app/src/board/sideways.ts',
    "export { x } from '../../../react/src/use.ts'",
  ],
  ['no-restricted-imports', 'server/src/client.ts', "export { x } from '@roomful/provider'"],
  ['no-restricted-imports', 'server/src/tests.ts', "export { x } from '../../tests/support/wait.ts'"],
  ['no-restricted-imports', 'server/src/log/up.ts', "export { x } from '../room-registry.ts'"],
  ['no-restricted-imports', 'server/src/socket/up.ts', "export { x } from '../collab-server.ts'"],
  // the room core is pure
  ['no-restricted-imports', 'server/src/room.ts', "export { readFileSync } from 'node:fs'"],
  ['no-restricted-imports', 'server/src/room-socket.ts', "export { WebSocket } from 'ws'"],
  ['no-restricted-imports', 'server/src/room/log.ts', "export { x } from '../log/memory-log.ts'"],
  ['no-restricted-imports', 'server/src/room/up.ts', "export { x } from '../collab-server.ts'"],
  ['no-restricted-globals', 'server/src/room/date.ts', 'export const now = (): number => Date.now()'],
  [
    'no-restricted-globals',
    'server/src/room-timer.ts',
    'export const later = (): unknown => setTimeout(() => {}, 1)',
  ],
  [
    'no-restricted-globals',
    'server/src/room/turn.ts',
    'export const turn = (): void => queueMicrotask(() => {})',
  ],
  [
    'no-restricted-properties',
    'server/src/room/random.ts',
    'export const random = (): number => Math.random()',
  ],
  ['no-restricted-globals', 'server/src/http/env.ts', 'export const port = (): unknown => process.env.PORT'],
  // types and promises
  ['no-explicit-any', 'server/src/any.ts', 'export const any = (value: any): unknown => value'],
  [
    'no-non-null-assertion',
    'server/src/bang.ts',
    'export const bang = (text: string | null): string => text!',
  ],
  [
    'no-floating-promises',
    'server/src/floating.ts',
    'const save = async (): Promise<void> => {}\nexport const go = (): void => {\n  save()\n}',
  ],
  [
    'no-misused-promises',
    'server/src/misused.ts',
    'const is = async (): Promise<boolean> => true\nexport const go = (): number => {\n  if (is()) return 1\n  return 2\n}',
  ],
  ['await-thenable', 'server/src/thenable.ts', 'export const go = async (): Promise<number> => await 1'],
  [
    'switch-exhaustiveness-check',
    'server/src/switch.ts',
    "export function f(kind: 'a' | 'b'): number {\n  switch (kind) {\n    case 'a':\n      return 1\n  }\n  return 2\n}",
  ],
  // shape
  ['no-cycle', 'shared/src/hen.ts', "import { egg } from './egg.ts'\nexport const hen = (): number => egg()"],
  ['no-cycle', 'shared/src/egg.ts', "import { hen } from './hen.ts'\nexport const egg = (): number => hen()"],
  ['no-default-export', 'shared/src/default.ts', 'export default 1'],
  [
    'max-lines',
    'shared/src/long.ts',
    Array.from({ length: 401 }, (_, n) => `export const n${n} = ${n}`).join('\n'),
  ],
  ['no-console', 'client/provider/src/console.ts', "console.log('hello')"],
  ['no-empty', 'shared/src/empty.ts', 'try {\n  JSON.parse("")\n} catch {}'],
  ['eqeqeq', 'shared/src/equal.ts', 'export const same = (a: unknown, b: unknown): boolean => a == b'],
  // React
  [
    'rules-of-hooks',
    'client/app/src/Hook.tsx',
    "import { useState } from 'react'\nexport function Hook({ on }: { on: boolean }): null {\n  if (on) useState(1)\n  return null\n}",
  ],
  [
    'exhaustive-deps',
    'client/react/src/Effect.tsx',
    "import { useEffect } from 'react'\nexport function Effect({ id }: { id: string }): null {\n  useEffect(() => void id, [])\n  return null\n}",
  ],
]

/** What has to stay allowed: a rule that forbids too much is switched off sooner or later. */
/** @type {readonly (readonly [file: string, source: string])[]} */
const ALLOWED = [
  [
    'server/src/index.ts',
    "export { parseRoomName } from '@roomful/shared'\nexport { readFileSync } from 'node:fs'",
  ],
  ['server/src/room/room.ts', "export { x } from '../member.ts'\nexport { y } from '../log/room-log.ts'"],
  ['server/src/main.ts', "export { x } from './collab-server.ts'\nexport const port = process.env.PORT"],
  ['client/react/src/index.ts', "export { x } from '@roomful/provider'\nexport { useState } from 'react'"],
  ['client/app/src/board/board.ts', "export { x } from '@roomful/react'\nexport { y } from '../../vite.ts'"],
  ['server/src/socket/x.test.ts', "export { x } from '../../../tests/support/wait.ts'"],
  ['tests/support/x.ts', "export { x } from '../../server/src/room.ts'\nexport const now = Date.now()"],
  ['scripts/x.mjs', "console.log('hello')"],
]

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2022',
    jsx: 'react-jsx',
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  },
}

/** @typedef {{ file: string, rule: string }} Finding */

const folder = mkdtempSync(join(tmpdir(), 'roomful-lint-'))
/** @type {Finding[]} */
let findings = []

beforeAll(() => {
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  for (const [file, source] of [
    ...VIOLATIONS.map(([, file, source]) => /** @type {const} */ ([file, source])),
    ...ALLOWED,
  ]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${source}\n`)
  }
  const args = [toolPath('oxlint'), '--type-aware', '--format', 'json', '.']
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  findings = JSON.parse(stdout).diagnostics.map(
    (/** @type {{ filename: string, code: string }} */ found) => ({
      file: found.filename.split('\\').join('/'),
      rule: found.code.replace(/^.*\((.*)\)$/, '$1'),
    }),
  )
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(VIOLATIONS)('%s is enforced in %s', (rule, file) => {
  expect(findings).toContainEqual({ file, rule })
})

test.each(ALLOWED)('nothing is wrong with %s', (file) => {
  expect(findings.filter((finding) => finding.file === file)).toEqual([])
})
