import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findChromium } from './chromium.mjs'
import { ensureTool, findOnPath } from './tools.mjs'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'roomful-tools-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} script
 */
function command(folder, name, script) {
  const path = join(root, folder, name)
  mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

const TOOL = { names: ['made-up-tool'], aptPackage: 'made-up', advice: 'install it by hand' }

test('a command is found in the order of the names, then of the folders on PATH', () => {
  const second = command('b', 'one', '')
  command('a', 'two', '')
  const env = { PATH: ['', join(root, 'a'), join(root, 'b')].join(delimiter) }
  expect(findOnPath(['one', 'two'], env)).toBe(second)
})

test('a file that cannot be executed and a folder are no commands', () => {
  chmodSync(command('a', 'one', ''), 0o644)
  mkdirSync(join(root, 'b', 'one'), { recursive: true })
  expect(findOnPath(['one'], { PATH: [join(root, 'a'), join(root, 'b')].join(delimiter) })).toBeUndefined()
})

test('an empty PATH gives one line that says what is missing and what to do', async () => {
  const found = await ensureTool(TOOL, { env: { PATH: '' } })
  expect(found).toEqual({
    reason: 'no made-up-tool on PATH; this is not a Debian system; install it by hand',
  })
})

test('as root on Debian a missing tool is installed, the package lists first', async () => {
  const made = join(root, 'bin', 'made-up-tool')
  const log = join(root, 'log')
  const tool = `printf '#!/bin/sh\\n' > ${made}; /bin/chmod 755 ${made}`
  command('bin', 'apt-get', `echo "$@" >> ${log}\nif [ "$1" = install ]; then ${tool}; fi`)
  expect(await ensureTool(TOOL, { env: { PATH: join(root, 'bin') }, isRoot: true })).toEqual({ path: made })
  expect(readFileSync(log, 'utf8')).toBe('update\ninstall -y --no-install-recommends made-up\n')
})

test('a failing apt-get gives its own reason, in one line', async () => {
  command('bin', 'apt-get', 'echo "E: Unable to locate package made-up" >&2; exit 100')
  const found = await ensureTool(TOOL, { env: { PATH: join(root, 'bin') }, isRoot: true })
  expect(found).toEqual({
    reason: expect.stringContaining('failed: E: Unable to locate package made-up; install it by hand'),
  })
})

test('without root nothing is installed, and the reason names the command', async () => {
  command('bin', 'apt-get', `echo "$@" > ${join(root, 'log')}`)
  const found = await ensureTool(TOOL, { env: { PATH: join(root, 'bin') }, isRoot: false })
  expect(found).toEqual({ reason: expect.stringContaining('apt-get install made-up is yours to run') })
  expect(existsSync(join(root, 'log'))).toBe(false)
})

test('CHROMIUM_PATH wins over PATH', () => {
  const chosen = command('chosen', 'my-browser', '')
  command('bin', 'chromium', '')
  expect(findChromium({ PATH: join(root, 'bin'), CHROMIUM_PATH: chosen })).toEqual({ path: chosen })
})

test('a wrong CHROMIUM_PATH is reported instead of replaced by another browser', () => {
  command('bin', 'chromium', '')
  expect(findChromium({ PATH: join(root, 'bin'), CHROMIUM_PATH: '/nowhere/chrome' })).toEqual({
    reason: expect.stringContaining('/nowhere/chrome'),
  })
})

test.each(['chromium', 'google-chrome'])('an installed %s is found', (name) => {
  const path = command('bin', name, '')
  expect(findChromium({ PATH: join(root, 'bin') })).toEqual({ path })
})

test('without any browser the reason is one line with the way out', () => {
  const found = findChromium({ PATH: '' })
  expect(found).toEqual({ reason: expect.stringMatching(/^no chromium.*set CHROMIUM_PATH to one$/) })
})
