import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as provider from '@roomful/provider'
import * as server from '@roomful/server'
import { PROTOCOL_VERSION } from '@roomful/shared'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const require = createRequire(import.meta.url)

test('the packages from source and the published ones share one copy of Yjs', () => {
  const doc = new Y.Doc()
  const stock = new WebsocketProvider('ws://127.0.0.1:1', 'room', doc, {
    connect: false,
    disableBc: true,
    // the browser's type has more than a socket needs
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
  })
  expect(stock.doc).toBeInstanceOf(Y.Doc)
  expect([provider, server].map((names) => Object.keys(names).length)).not.toContain(0)
  expect(PROTOCOL_VERSION).toBe(2)
  stock.destroy()
})

test('a second copy of Yjs fails the import that brings it', () => {
  const commonJs = join(dirname(require.resolve('yjs')), 'yjs.cjs')
  expect(() => require(commonJs)).toThrow('a second copy of yjs')
})
