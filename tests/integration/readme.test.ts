import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createUser, LIMIT_SPECS, ROOTS } from '@roomful/shared'
import { afterEach, expect, test } from 'vitest'
import { connectStock } from '../support/stock-client.ts'
import { startServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const PROVIDER_README = readFileSync(join(ROOT, 'client/provider/README.md'), 'utf8')

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function snippet(containing: string, page: string = README): string {
  const found = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  const code = found.find((text) => text.includes(containing))
  if (code === undefined) throw new Error(`the README has no snippet with ${containing}`)
  return code
}

/** Runs a snippet as a program of somebody who has the packages, word for word but for the address. */
function run(code: string): { output(): string } {
  // inside the repository, so that the packages resolve as in a project that installed them
  const folder = mkdtempSync(join(ROOT, 'tests/.readme-'))
  writeFileSync(join(folder, 'snippet.mjs'), code)
  // Node 20 has no WebSocket of its own; browsers and Node 22 do
  writeFileSync(
    join(folder, 'websocket.mjs'),
    "import { WebSocket } from 'ws'\nglobalThis.WebSocket ??= WebSocket\n",
  )
  const child = spawn(
    process.execPath,
    [
      '--conditions=@roomful/source',
      '--import',
      'tsx',
      '--import',
      join(folder, 'websocket.mjs'),
      join(folder, 'snippet.mjs'),
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = new Promise((resolve) => {
    child.once('close', resolve)
  })
  cleanups.push(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  return { output: () => printed }
}

test('the embed snippet of the README has at most ten lines and works word for word', async () => {
  const code = snippet('RoomfulProvider')
  expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(10)
  const server = await startServer()
  cleanups.push(() => server.close())
  const program = run(code.replace('ws://127.0.0.1:3000/ws', server.wsUrl))
  const other = connectStock(server.wsUrl, 'lobby')
  cleanups.push(() => other.destroy())
  const note = other.doc.getText(ROOTS.note)
  await waitFor(`the snippet's text in another client; it printed: ${program.output()}`, () =>
    note.toJSON().includes('Hello, room. '),
  )
  note.insert(note.length, 'Hello, snippet.')
  await waitFor('the snippet to print what the other wrote', () =>
    program.output().includes('note: Hello, room. Hello, snippet.'),
  )
  await waitFor('the snippet to hear that all is stored', () =>
    program.output().includes("changes not yet on the server's disk: 0"),
  )
})

test('the presence snippet of the provider’s README shows who is there, and is seen', async () => {
  const server = await startServer()
  cleanups.push(() => server.close())
  const other = connectStock(server.wsUrl, 'lobby')
  cleanups.push(() => other.destroy())
  const { awareness } = other.provider
  awareness.setLocalState({ user: createUser('bob', 'Bob', '#00855f'), pointer: { x: 0.25, y: 0.75 } })
  const program = run(snippet('presenceOf', PROVIDER_README).replace('ws://127.0.0.1:3000/ws', server.wsUrl))
  await waitFor('the snippet to print who is there', () => program.output().includes("[ 'Bob' ]"))
  await waitFor('the snippet to print where they point', () =>
    program.output().includes('{ x: 0.25, y: 0.75 }'),
  )
  await waitFor('the snippet’s own pointer in another client', () =>
    [...awareness.getStates().values()].some(
      ({ user, pointer }) => user?.id !== 'bob' && user?.name?.length > 0 && pointer?.x === 0.5,
    ),
  )
})

test('the server snippet of the README listens and takes clients', async () => {
  const folder = mkdtempSync(join(ROOT, 'tests/.readme-data-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  const program = run(
    snippet('createCollabServer').replace('./data', folder).replace('port: 3000', 'port: 0'),
  )
  await waitFor('the address', () => /http:\/\/127\.0\.0\.1:\d+/.test(program.output()))
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(program.output()) ?? []
  const client = connectStock(`${url.replace('http', 'ws')}/ws`, 'lobby')
  cleanups.push(() => client.destroy())
  await waitFor('a client to be synced', () => client.provider.synced)
})

test('the limits the README names are the defaults', () => {
  const MiB = 1024 * 1024
  expect(README).toContain(`frames ${LIMIT_SPECS.frameBytes.default / MiB} MiB`)
  expect(README.replace(/\s+/g, ' ')).toContain(`document ${LIMIT_SPECS.documentBytes.default / MiB} MiB`)
  expect(README).toContain(`${LIMIT_SPECS.roomMembers.default.toLocaleString('en')} people a room`)
  expect(README).toContain(`${LIMIT_SPECS.updatesPerSecond.default.toLocaleString('en')} updates a second`)
  expect(README).toContain(`presence ${LIMIT_SPECS.awarenessBytes.default / 1024} KiB`)
})
