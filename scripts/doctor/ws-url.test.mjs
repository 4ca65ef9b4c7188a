import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lookAtWsUrl, wsUrlComplaint } from './ws-url.mjs'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'roomful-ws-url-'))
  mkdirSync(join(root, 'client/app'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

test('without VITE_WS_URL, or with one that leads to rooms, all is well', () => {
  expect(lookAtWsUrl({ root, env: {} })).toMatchObject([{ kind: 'ok' }])
  expect(lookAtWsUrl({ root, env: { VITE_WS_URL: 'wss://example.com/server/ws' } })).toMatchObject([
    { kind: 'ok' },
  ])
})

test('[wrong-ws-url] what Vite would take counts: the environment before files, one for production before the plain one', () => {
  writeFileSync(join(root, 'client/app/.env'), 'VITE_WS_URL=wss://plain.example.com')
  expect(lookAtWsUrl({ root, env: {} })).toMatchObject([
    { text: expect.stringContaining('(client/app/.env)') },
  ])
  writeFileSync(join(root, 'client/app/.env.production'), 'VITE_WS_URL="wss://production.example.com"')
  expect(lookAtWsUrl({ root, env: {} })).toMatchObject([
    {
      case: 'wrong-ws-url',
      text: expect.stringContaining('wss://production.example.com'),
      fix: expect.stringContaining('npm run build'),
    },
  ])
  expect(lookAtWsUrl({ root, env: { VITE_WS_URL: 'wss://example.com/ws' } })).toMatchObject([{ kind: 'ok' }])
})

test.each([
  ['rooms.example.com/ws', undefined, 'is no address'],
  ['https://example.com/ws', undefined, 'begins with https:'],
  ['wss://example.com', undefined, 'does not end in /ws'],
  ['wss://example.com/server/', undefined, 'does not end in /ws'],
  ['/server', undefined, 'does not end in /ws'],
  ['wss://example.com/ws?room=lobby', undefined, 'has a query'],
  ['ws://example.com/ws', 'https://example.com', 'is not encrypted'],
  ['ws://localhost:3000/ws', 'http://example.com', 'the visitor’s own machine'],
])('[wrong-ws-url] %s on a page of %s', (text, page, cause) => {
  expect(wsUrlComplaint(text, page === undefined ? undefined : new URL(page))?.cause).toContain(cause)
})

test('the advice on each is itself in order', () => {
  const page = new URL('https://example.com')
  expect(wsUrlComplaint('/server/ws', page)).toBeUndefined()
  for (const text of [
    'https://a.example.com/ws',
    'wss://a.example.com/server',
    'ws://a.example.com/ws',
    'wss://a/ws#x',
  ]) {
    const [, advised = ''] = /VITE_WS_URL=(\S+)$/.exec(wsUrlComplaint(text, page)?.fix ?? '') ?? []
    expect(wsUrlComplaint(advised, page)).toBeUndefined()
  }
})

test('a .env in the root is read by nobody, which is said', () => {
  writeFileSync(join(root, '.env'), 'VITE_WS_URL=wss://example.com\nREDIS_URL=redis://127.0.0.1\n')
  const [, ofApp, ofServer] = lookAtWsUrl({ root, env: {} })
  expect(ofApp).toMatchObject({ kind: 'note', text: expect.stringContaining('client/app/.env') })
  expect(ofServer).toMatchObject({ kind: 'note', text: expect.stringContaining('--env-file=.env') })
})
