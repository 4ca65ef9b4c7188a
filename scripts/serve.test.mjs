import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ROOT } from './run.mjs'

const LINE = '{"event":"listening","url":"http://127.0.0.1:1","instanceId":"stub"}'

/** Says the line, notes every signal and its end in a file, drains on the first signal and exits with 3. */
const stub = (/** @type {string} */ journal) => `
import { appendFileSync } from 'node:fs'
const note = (text) => appendFileSync(${JSON.stringify(journal)}, text + ' ')
const keepAlive = setInterval(() => {}, 1000)
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    note(signal)
    setTimeout(() => { note('drained'); clearInterval(keepAlive); process.exitCode = 3 }, 50)
  })
note('pid:' + process.pid)
console.log(${JSON.stringify(LINE)})
`

let folder = ''
/** @type {import('node:child_process').ChildProcess} */
let launcher
let output = ''

const journal = () => {
  const file = join(folder, 'journal')
  return existsSync(file) ? readFileSync(file, 'utf8').replace(/pid:\d+ /, '') : ''
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'roomful-serve-'))
  const entry = join(folder, 'stub.mjs')
  writeFileSync(entry, stub(join(folder, 'journal')))
  const serve = pathToFileURL(join(ROOT, 'scripts', 'serve.mjs')).href
  const script = `import { serve } from ${JSON.stringify(serve)}; process.exitCode = await serve(${JSON.stringify(entry)})`
  launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  output = ''
  launcher.stdout?.on('data', (chunk) => {
    output += chunk.toString()
  })
  await vi.waitFor(() => expect(output).toBe(`${LINE}\n`), { timeout: 30_000 })
})

afterEach(() => {
  launcher.kill('SIGKILL')
  const pid = Number(/pid:(\d+)/.exec(readFileSync(join(folder, 'journal'), 'utf8'))?.[1])
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended, as it should
  }
  rmSync(folder, { recursive: true, force: true })
})

/** @returns {Promise<number | null>} */
const ended = () => new Promise((settle) => launcher.once('close', settle))

test("SIGTERM reaches the server once, and its exit code is the launcher's", async () => {
  const end = ended()
  launcher.kill('SIGTERM')
  expect(await end).toBe(3)
  expect(journal()).toBe('SIGTERM drained ')
})

test('Ctrl-C, which the terminal sends to the whole group, reaches the server once', async () => {
  const end = ended()
  process.kill(-(launcher.pid ?? 0), 'SIGINT')
  launcher.kill('SIGINT')
  expect(await end).toBe(3)
  expect(journal()).toBe('SIGINT drained ')
})

test('a launcher that is killed takes its server along, drained', async () => {
  launcher.kill('SIGKILL')
  await vi.waitFor(() => expect(journal()).toBe('SIGTERM drained '), { timeout: 30_000 })
})
