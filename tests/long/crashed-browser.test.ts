import { readFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { test } from 'vitest'
import { findChromium } from '../../scripts/chromium.mjs'
import { browserSuite } from '../support/browser-suite.ts'
import { enterRoom } from '../support/room-page.ts'
import { waitFor } from '../support/wait.ts'

const suite = browserSuite()

test('[U17] [I4] a browser that is killed, and one that hangs, are gone for the others within 30 s and a margin', async () => {
  const server = await suite.serve()
  const found = findChromium()
  if ('reason' in found) throw new Error(found.reason)
  const ben = await suite.enter(server.url, 'crash')
  const faces = (): Promise<number> => ben.stack.locator('[data-user-id]').count()

  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    const doomed = await chromium.launchServer({ executablePath: found.path, args: ['--no-sandbox'] })
    suite.after(() => doomed.kill())
    await enterRoom(await chromium.connect(doomed.wsEndpoint()), server.url, 'crash')
    await waitFor('two faces', async () => (await faces()) === 2)
    // stopped, its sockets stay open and say nothing: only the missing pongs tell
    for (const pid of await processTree(doomed.process().pid ?? 0)) process.kill(pid, signal)
    await waitFor(`one face to be left after ${signal}`, async () => (await faces()) === 1, 45_000)
    await doomed.kill()
  }
})

/** A process and all below it: the browser's network lives in a process of its own. */
async function processTree(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const below = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => processTree(Number(child))),
  )
  return [pid, ...below.flat()]
}
