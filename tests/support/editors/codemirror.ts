// y-codemirror.next's own example (https://github.com/yjs/y-codemirror.next#example), as a page
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { yCollab } from 'y-codemirror.next'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const params = new URLSearchParams(location.search)
const ydoc = new Y.Doc()
const provider = new WebsocketProvider(
  `${location.origin.replace('http', 'ws')}/ws`,
  params.get('room') ?? '',
  ydoc,
)
const ytext = ydoc.getText('note')
const undoManager = new Y.UndoManager(ytext)

const name = params.get('name') ?? ''
provider.awareness.setLocalStateField('user', {
  id: name,
  name,
  color: '#1c75d6',
  colorLight: '#1c75d633',
})

const state = EditorState.create({
  doc: ytext.toString(),
  extensions: [yCollab(ytext, provider.awareness, { undoManager })],
})
new EditorView({ state, parent: document.body })
provider.on('status', ({ status }) => {
  document.body.dataset['status'] = status
})
