// @vitest-environment jsdom
import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { RoomProvider, useNoteEditors, useOthers, useStatus } from '@roomful/react'
import { createUser } from '@roomful/shared'
import { createElement, StrictMode } from 'react'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { ReactRoom } from '../../support/react-room.tsx'
import { waitFor } from '../../support/wait.ts'

const cleanups: (() => unknown)[] = []
let child: ChildProcess
let wsUrl = ''

// a process: what a server needs of Node's own globals is not there beside a DOM
beforeAll(async () => {
  child = spawn(process.execPath, ['--conditions=@roomful/source', '--import', 'tsx', 'server/src/main.ts'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      DATA_DIR: ':memory:',
      ALLOWED_ORIGINS: location.origin,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  await waitFor('the server to listen', () => printed.includes('\n'))
  const [, address = ''] = /"url":"http([^"]+)"/.exec(printed) ?? []
  wsUrl = `ws${address}/ws`
})
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})
afterAll(() => {
  child.kill('SIGKILL')
})

// required: beside a DOM the import leads to a stub for browsers, and jsdom's own cannot take this test's events
const { WebSocket: NodeWebSocket } = createRequire(import.meta.url)('ws') as typeof import('ws')
const sockets: InstanceType<typeof NodeWebSocket>[] = []

/** The published client, its sockets kept in the order they were made. */
function connect(): WebsocketProvider {
  class KeptSocket extends NodeWebSocket {
    constructor(url: string) {
      super(url)
      sockets.push(this)
    }
  }
  const provider = new WebsocketProvider(wsUrl, 'stock', new Y.Doc(), {
    // ws speaks the browser's WebSocket interface as far as y-websocket uses it
    WebSocketPolyfill: KeptSocket as unknown as typeof WebSocket,
    disableBc: true,
  })
  cleanups.push(() => provider.destroy())
  return provider
}

test('hooks on the stock y-websocket provider meet a stock client, through one socket under StrictMode', async () => {
  const [mine, theirs] = [connect(), connect()]
  // as stock apps do: a name, a colour, no id
  theirs.awareness.setLocalStateField('user', { name: 'Bob', color: '#30bced' })
  const page = new ReactRoom()
  cleanups.push(() => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
    page.destroy()
  })
  const View = (): string => {
    const names = useOthers((others) => others.map((person) => person.user.name))
    const editors = useNoteEditors((all) => all.map(({ line, column }) => `${line}:${column}`).join())
    return `${useStatus().state} ${names.join()} ${editors}`
  }
  const identity = { user: createUser('ada', 'Ada', '#1c75d6') }
  const ui = createElement(RoomProvider, { provider: mine, identity }, createElement(View))
  page.render(createElement(StrictMode, undefined, ui))
  // from here on React renders by itself, as in a page
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })
  const note = theirs.doc.getText('note')
  note.insert(0, 'one\ntwo')
  const head = Y.createRelativePositionFromTypeIndex(note, 5)
  theirs.awareness.setLocalStateField('cursor', { anchor: head, head })
  await waitFor('Bob and his caret', () => page.text === 'connected Bob 2:2')
  const userOf = (): unknown => theirs.awareness.getStates().get(mine.doc.clientID)?.['user']
  await waitFor('Bob to see Ada', () => JSON.stringify(userOf()) === JSON.stringify(identity.user))
  expect(sockets).toHaveLength(2)

  const seen = new Set<string>()
  const watch = new MutationObserver(() => seen.add(page.text))
  watch.observe(page.host, { childList: true, characterData: true, subtree: true })
  sockets[0]?.terminate()
  await waitFor('the drop to be shown', () => page.text.startsWith('reconnecting'))
  await waitFor('Bob and his caret again', () => page.text === 'connected Bob 2:2')
  watch.disconnect()
  // carets go with the connection; people are held for a short drop
  expect([...seen].filter((text) => !text.includes('Bob'))).toEqual([])
})
