import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import { openVisitor } from '../support/chromium.ts'
import { waitFor } from '../support/wait.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const suite = browserSuite()

/** Starts an example as `npm run example -- <name>` does; resolves with its address. */
async function start(name: string): Promise<string> {
  const child = spawn(process.execPath, ['scripts/example.mjs', name], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = new Promise((resolve) => child.once('close', resolve))
  suite.after(async () => {
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })
  // Vite colours its address
  const address = (): string | undefined =>
    /Local:\D*(http:\/\/127\.0\.0\.1:\S*\d+)/.exec(plain(printed))?.[1]
  await waitFor(`the address of the example; it printed: ${printed}`, () => address() !== undefined)
  return address() ?? ''
}

// eslint-disable-next-line no-control-regex -- colours are control characters
const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '')

async function visit(address: string): Promise<Page> {
  const visitor = await openVisitor(suite.browser, address)
  suite.after(() => visitor.close())
  suite.after(() => expect(visitor.errors).toEqual([]))
  return visitor.page
}

test.for(['vanilla', 'react'])(
  'the %s example: two people see each other, their cursors and what they say',
  async (name) => {
    const address = await start(name)
    const ada = await visit(address)
    const bob = await visit(address)
    const people = (page: Page): Promise<string[]> =>
      page
        .locator('header strong')
        .innerText()
        .then((text) => text.split(', '))
    await waitFor('both to see two people', async () =>
      [await people(ada), await people(bob)].every((names) => names.length === 2),
    )
    const [adaName = ''] = await people(ada)
    expect(await people(bob)).toContain(adaName)

    await ada.getByRole('textbox', { name: 'Message' }).fill('hello from Ada')
    await ada.getByRole('button', { name: 'Send' }).click()
    await bob.getByRole('log').getByText('hello from Ada').waitFor()

    await ada.mouse.move(200, 300)
    await ada.mouse.move(240, 320, { steps: 4 })
    await bob.locator('.cursor', { hasText: adaName }).waitFor()
    await ada.getByRole('status').getByText('connected').waitFor()

    if (name === 'vanilla') {
      ada.once('dialog', (dialog) => void dialog.accept('ship it'))
      await ada.locator('#plane').dblclick({ position: { x: 300, y: 200 } })
      await bob.locator('.word', { hasText: 'ship it' }).waitFor()
    }
  },
)

test.for(['vanilla', 'react'])('the %s example is under 150 lines', (name) => {
  const folder = join(ROOT, 'examples', name)
  const code = readdirSync(folder).filter((file) => /\.tsx?$/.test(file))
  const lines = code.reduce(
    (sum, file) => sum + readFileSync(join(folder, file), 'utf8').split('\n').length,
    0,
  )
  expect(code.length).toBeGreaterThan(0)
  expect(lines).toBeLessThan(150)
})
