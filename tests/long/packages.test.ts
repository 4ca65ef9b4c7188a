import { execFile, spawn } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pack } from '../../scripts/pack.mjs'
import { toolPath } from '../../scripts/run.mjs'
import { launchChromium, openVisitor } from '../support/chromium.ts'
import { connectStock } from '../support/stock-client.ts'
import { startServerProcess, temporaryFolder } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const runFile = promisify(execFile)

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

let tarballs: readonly string[] = []
beforeAll(async () => {
  tarballs = await pack(temporaryFolder())
})

/** The tarballs of packages by their short names, for `npm install`. */
const tarball = (...names: readonly string[]): string[] =>
  tarballs.filter((path) => names.some((name) => basename(path).startsWith(`roomful-${name}-`)))

/** An empty project with packages installed as a stranger installs them, only from tarballs instead of the registry. */
async function project(packages: readonly string[]): Promise<string> {
  const folder = temporaryFolder()
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, type: 'module' }),
  )
  await runFile('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], {
    cwd: folder,
  })
  return folder
}

/** The first code block of a document in one of `languages` that contains `part`. */
function snippet(document: string, part: string): string {
  const blocks = [...document.matchAll(/```jsx?\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  const code = blocks.find((text) => text.includes(part))
  if (code === undefined) throw new Error(`no snippet with ${part}`)
  return code
}

/** Runs a program in a project; ends with the test. */
function start(folder: string, file: string): { output(): string } {
  const child = spawn(process.execPath, [file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = new Promise((resolve) => child.once('close', resolve))
  cleanups.push(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { output: () => printed }
}

const NAMES = ['shared', 'server', 'provider', 'react'] as const

describe.each(NAMES)('@roomful/%s as a tarball', (name) => {
  test('publint has nothing to say', async () => {
    const [path = ''] = tarball(name)
    const bytes = new Uint8Array(readFileSync(path))
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: bytes.buffer } })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  test('are-the-types-wrong finds every entry typed, for ESM and for bundlers', async () => {
    const [path = ''] = tarball(name)
    const attw = toolPath('@arethetypeswrong/cli', 'attw')
    // ESM only: `require` of an ES module works from Node 20.19 on, and no CommonJS build is promised
    const args = [attw, path, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji']
    const result = await runFile(process.execPath, args).catch((error: unknown) => error)
    expect(result).not.toBeInstanceOf(Error)
  })

  test('holds code, types, sources, a readme and the licence, and no tests', async () => {
    const [path = ''] = tarball(name)
    const { stdout } = await runFile('tar', ['-tzf', path])
    const files = stdout.trim().split('\n')
    for (const file of [
      'package.json',
      'README.md',
      'LICENSE',
      'dist/index.js',
      'dist/index.d.ts',
      'src/index.ts',
    ])
      expect(files).toContain(`package/${file}`)
    expect(files.filter((file) => /\.test\.|tsbuildinfo|node_modules/.test(file))).toEqual([])
  })

  test('asks for no workspace and no catalogue', async () => {
    const [path = ''] = tarball(name)
    const { stdout } = await runFile('tar', ['-xzOf', path, 'package/package.json'])
    expect(stdout).not.toMatch(/workspace:|catalog:|@roomful\/source/)
  })
})

test('an empty Node project: the README snippets run word for word, in two processes, from the tarballs', async () => {
  const folder = await project([...tarball('shared', 'provider', 'server'), 'yjs', 'ws'])
  const server = snippet(read('server/README.md'), 'createCollabServer').replace('port: 3000', 'port: 0')
  writeFileSync(join(folder, 'server.js'), server)
  const serving = start(folder, 'server.js')
  await waitFor('the address', () => /http:\/\/127\.0\.0\.1:\d+/.test(serving.output()))
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(serving.output()) ?? []

  // Node 20 has no WebSocket of its own; browsers and Node 22 do
  const polyfill = "import { WebSocket } from 'ws'\nglobalThis.WebSocket ??= WebSocket\n"
  writeFileSync(join(folder, 'websocket.js'), polyfill)
  const embed = snippet(read('README.md'), 'RoomfulProvider').replace(
    'ws://127.0.0.1:3000',
    url.replace('http', 'ws'),
  )
  writeFileSync(join(folder, 'client.js'), `import './websocket.js'\n${embed}`)
  const client = start(folder, 'client.js')
  const other = connectStock(`${url.replace('http', 'ws')}/ws`, 'lobby')
  cleanups.push(() => other.destroy())
  await waitFor(`the snippet's text; it printed: ${client.output()}`, () =>
    other.doc.getText('note').toJSON().includes('Hello, room. '),
  )
  await waitFor('the snippet to hear that all is stored', () =>
    client.output().includes("changes not yet on the server's disk: 0"),
  )

  const provider = snippet(read('client/provider/README.md'), 'RoomfulProvider')
  writeFileSync(
    join(folder, 'provider.js'),
    `import './websocket.js'\n${provider.replace('ws://127.0.0.1:3000', url.replace('http', 'ws'))}`,
  )
  const second = start(folder, 'provider.js')
  await waitFor(`the provider's own snippet; it printed: ${second.output()}`, () =>
    other.doc.getText('note').toJSON().includes('Hello. '),
  )
  await waitFor('it to be connected', () => second.output().includes('connected'))

  writeFileSync(join(folder, 'shared.js'), snippet(read('shared/README.md'), 'parseRoomName'))
  const { stdout } = await runFile(process.execPath, ['shared.js'], { cwd: folder })
  expect(stdout.trim()).toBe('lobby 0 0 hello')
})

test('an empty TypeScript project for Node type-checks against the packages without skipping their declarations', async () => {
  const folder = await project([
    ...tarball('shared', 'provider', 'server'),
    'yjs',
    'ws',
    'typescript@7.0.2',
    '@types/node@20',
    '@types/ws',
  ])
  writeFileSync(join(folder, 'index.ts'), TYPED_PROGRAM)
  const options = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom'],
    strict: true,
    types: ['node'],
  }
  const compilerOptions = { ...options, noEmit: true, skipLibCheck: false }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts'] }))
  const result = await runFile('npx', ['tsc'], { cwd: folder }).catch((error: unknown) => error)
  expect(result).not.toBeInstanceOf(Error)
})

/** What somebody would write who embeds server and provider in one TypeScript program. */
const TYPED_PROGRAM = `
import { Chat, RoomfulProvider, type Pending } from '@roomful/provider'
import { createCollabServer, createEmbeddedLog } from '@roomful/server'
import { roomDoc, type ChatMessage } from '@roomful/shared'
import { WebSocket } from 'ws'
import * as Y from 'yjs'

const server = createCollabServer({ backend: await createEmbeddedLog({ dir: './data' }) })
const url: string = await server.listen({ port: 0 })
const doc = new Y.Doc()
const provider = new RoomfulProvider(url, 'lobby', doc, { WebSocketPolyfill: WebSocket as never })
provider.on('pending', (count: Pending) => console.log(count))
const messages: readonly ChatMessage[] = new Chat(provider).messages
console.log(messages.length, roomDoc(doc).note.toString())
// @ts-expect-error there is no such event
provider.on('no-such-event', () => {})
`

test('an empty Vite project: the React example type-checks, builds, and two browsers chat in it, all from the tarballs', async () => {
  const example = join(ROOT, 'examples', 'react')
  const folder = temporaryFolder()
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(example, folder, {
    recursive: true,
    filter: (path) => !/node_modules|dist/.test(path.slice(example.length)),
  })
  // its package.json as a stranger would copy it, with the tarballs in place of the registry's versions
  const packages = tarball('shared', 'provider', 'react')
  await runFile('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], {
    cwd: folder,
  })
  await runFile('npm', ['run', 'build'], { cwd: folder }).catch((error: { stdout?: string }) => {
    throw new Error(`the build failed: ${error.stdout}`)
  })
  const server = await startServerProcess({ built: true, env: { STATIC_DIR: join(folder, 'dist') } })
  cleanups.push(() => server.kill('SIGKILL'))
  const browser = await launchChromium()
  cleanups.push(() => browser.close())
  const [ada, bob] = [await openVisitor(browser, server.url), await openVisitor(browser, server.url)]
  await ada.page.getByRole('textbox', { name: 'Message' }).fill('from a tarball')
  await ada.page.getByRole('button', { name: 'Send' }).click()
  await bob.page.getByRole('log').getByText('from a tarball').waitFor()
  await ada.page.getByRole('status').getByText('connected').waitFor()
  expect([...ada.errors, ...bob.errors]).toEqual([])
})
