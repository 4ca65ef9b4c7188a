// first: editors look at the page when they are imported
import '../../support/dom.ts'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { RoomfulProvider } from '@roomful/provider'
import { Editor } from '@tiptap/core'
import Collaboration from '@tiptap/extension-collaboration'
import CollaborationCaret from '@tiptap/extension-collaboration-caret'
import Document from '@tiptap/extension-document'
import Paragraph from '@tiptap/extension-paragraph'
import Text from '@tiptap/extension-text'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { yCollab } from 'y-codemirror.next'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { startServer, type LocalServer } from '../../support/test-server.ts'
import { waitFor } from '../../support/wait.ts'

// ws speaks the browser's WebSocket interface as far as y-websocket uses it
const WebSocketPolyfill = NodeWebSocket as unknown as typeof WebSocket

/** The import that is changed. */
const IMPORTS: readonly [name: string, Provider: typeof WebsocketProvider][] = [
  ['y-websocket', WebsocketProvider],
  ['@roomful/provider', RoomfulProvider],
]

const cleanups: (() => unknown)[] = []
let server: LocalServer

beforeAll(async () => {
  server = await startServer()
  return server.close
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function keep<T extends { destroy(): void }>(thing: T): T {
  cleanups.push(() => thing.destroy())
  return thing
}

describe.each(IMPORTS)('editors on a provider imported from %s', (name, Provider) => {
  const index = IMPORTS.findIndex(([other]) => other === name)

  function join(room: string): { doc: Y.Doc; provider: WebsocketProvider } {
    const doc = keep(new Y.Doc())
    const options = { WebSocketPolyfill, disableBc: true }
    return { doc, provider: keep(new Provider(server.wsUrl, room, doc, options)) }
  }

  test('y-codemirror.next: text and carets, as its README sets it up', async () => {
    const open = (user: { name: string; color: string; colorLight: string }): EditorView => {
      const { doc, provider } = join(`codemirror-${index}`)
      const ytext = doc.getText('codemirror')
      provider.awareness.setLocalStateField('user', user)
      const undoManager = new Y.UndoManager(ytext)
      const state = EditorState.create({
        doc: ytext.toString(),
        extensions: [yCollab(ytext, provider.awareness, { undoManager })],
      })
      return keep(new EditorView({ state, parent: document.body }))
    }
    const ada = open({ name: 'Ada', color: '#ca4459', colorLight: '#ca445933' })
    const bob = open({ name: 'Bob', color: '#1c75d6', colorLight: '#1c75d633' })
    ada.dispatch({ changes: { from: 0, insert: 'hello from Ada' } })
    await waitFor('the text', () => bob.state.doc.toString() === 'hello from Ada')
    bob.dispatch({ changes: { from: 0, insert: 'Bob: ' } })
    await waitFor('the text', () => ada.state.doc.toString() === 'Bob: hello from Ada')
    // the plugin says where the caret is when its editor has the focus
    ada.focus()
    ada.dispatch({ selection: { anchor: 5 } })
    await waitFor('the caret', () => bob.dom.querySelector('.cm-ySelectionInfo')?.textContent === 'Ada')
  })

  test('Tiptap: collaboration and carets, as its guide sets it up', async () => {
    const open = (user: { name: string; color: string }): Editor => {
      const { doc, provider } = join(`tiptap-${index}`)
      const element = document.body.appendChild(document.createElement('div'))
      return keep(
        new Editor({
          element,
          extensions: [
            Document,
            Paragraph,
            Text,
            Collaboration.configure({ document: doc }),
            CollaborationCaret.configure({ provider, user }),
          ],
        }),
      )
    }
    const ada = open({ name: 'Ada', color: '#ca4459' })
    const bob = open({ name: 'Bob', color: '#1c75d6' })
    ada.commands.insertContent('hello from Ada')
    await waitFor('the text', () => bob.getText() === 'hello from Ada')
    bob.commands.insertContentAt(1, 'Bob: ')
    await waitFor('the text', () => ada.getText() === 'Bob: hello from Ada')
    await waitFor('who is here', () =>
      [ada, bob].every(({ storage }) => storage.collaborationCaret.users.length === 2),
    )
    expect(ada.storage.collaborationCaret.users.map((user) => user['name']).toSorted()).toEqual([
      'Ada',
      'Bob',
    ])
  })
})
