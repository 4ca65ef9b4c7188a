import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as roomful from '@roomful/react'
import { createElement, type FunctionComponent } from 'react'
import { renderToString } from 'react-dom/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DOC = readFileSync(join(ROOT, 'docs/react.md'), 'utf8')
const SNIPPETS = [...DOC.matchAll(/```tsx\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')

// Node 20 has no WebSocket of its own; browsers and Node 22 do
Object.assign(globalThis, { WebSocket: Reflect.get(globalThis, 'WebSocket') ?? WebSocket })

let folder: string
const files = SNIPPETS.map((_, index) => `snippet-${index}.tsx`)

beforeAll(() => {
  // inside the repository, so that packages resolve as in a project that installed them
  folder = mkdtempSync(join(ROOT, 'tests/.react-doc-'))
  const options = {
    extends: '../tsconfig.json',
    compilerOptions: {
      noEmit: true,
      composite: false,
      incremental: false,
      emitDeclarationOnly: false,
      rootDir: '../..',
    },
    include: ['*.tsx'],
    references: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
  for (const [index, file] of files.entries()) writeFileSync(join(folder, file), SNIPPETS[index] ?? '')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('every example of docs/react.md compiles as it stands, strictly', () => {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: ROOT, encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})

test.each(files.map((file, index) => [file, SNIPPETS[index] ?? ''] as const))(
  'every example of docs/react.md renders: %s',
  async (file, code) => {
    const exported = (await import(pathToFileURL(join(folder, file)).href)) as Record<
      string,
      FunctionComponent
    >
    const names = [...code.matchAll(/export function (\w+)/g)].map((match) => match[1] ?? '')
    expect(names.length).toBeGreaterThan(0)
    // the last one is what the example is about
    const component = exported[names.at(-1) ?? '']
    if (component === undefined) throw new Error(`${file} exports nothing`)
    const element = createElement(component)
    const props = { serverUrl: 'ws://127.0.0.1:9/ws', room: 'lobby' }
    const html = renderToString(createElement(roomful.RoomProvider, props, element))
    expect(html).not.toBe('')
  },
)

test('docs/react.md names every export', () => {
  const missing = Object.keys(roomful).filter((name) => !new RegExp(`\\b${name}\\b`).test(DOC))
  // stores and time-outs that only tests and tools need
  expect(missing.sort()).toEqual([
    'ActivityLog',
    'CURSOR_GONE_MS',
    'CURSOR_IDLE_MS',
    'LEAVE_HOLD_MS',
    'NOTE_EDITORS_INTERVAL_MS',
    'NoteEditors',
    'RETURN_HOLD_MS',
  ])
})
