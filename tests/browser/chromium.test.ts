import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stat } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium, openVisitor, takeScreenshot } from '../support/chromium.ts'

let browser: Browser
let server: Server
let url: string

beforeAll(async () => {
  server = createServer((_request, response) => {
    response
      .setHeader('content-type', 'text/html')
      .end('<!doctype html><link rel="icon" href="data:,"><p>page')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  browser = await launchChromium()
})

afterAll(async () => {
  await browser.close()
  server.closeAllConnections()
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
})

test('two visitors share neither storage nor BroadcastChannel', async () => {
  const ada = await openVisitor(browser, url)
  const bob = await openVisitor(browser, url)
  const neighbour = await ada.page.context().newPage()
  await neighbour.goto(url)
  const listen = `window.heard = []; new BroadcastChannel('room').onmessage = (e) => window.heard.push(e.data)`
  await bob.page.evaluate(listen)
  await neighbour.evaluate(listen)
  await ada.page.evaluate(
    `localStorage.setItem('who', 'ada'); new BroadcastChannel('room').postMessage('hello')`,
  )
  await neighbour.waitForFunction(`window.heard.length === 1`)
  expect(await neighbour.evaluate(`localStorage.getItem('who')`)).toBe('ada')
  expect(await bob.page.evaluate(`[localStorage.getItem('who'), window.heard.length]`)).toEqual([null, 0])
  await ada.close()
  await bob.close()
})

test("a visitor's errors are collected, thrown and logged ones", async () => {
  const visitor = await openVisitor(browser, url)
  await visitor.page.evaluate(`console.error('logged'); setTimeout(() => { throw new Error('thrown') })`)
  await expect.poll(() => visitor.errors).toEqual(['logged', 'thrown'])
  await visitor.close()
})

test('a screenshot lands in the ignored folder', async () => {
  const visitor = await openVisitor(browser, url, { viewport: { width: 200, height: 100 } })
  const path = await takeScreenshot(visitor.page, 'chromium-support')
  expect((await stat(path)).size).toBeGreaterThan(0)
  expect(path).toContain('/tests/output/')
  await visitor.close()
})
