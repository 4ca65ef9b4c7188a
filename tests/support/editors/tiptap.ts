// Tiptap's own example of collaboration with carets (https://tiptap.dev/docs/editor/extensions/functionality/collaboration-caret)
import { Editor } from '@tiptap/core'
import { Collaboration } from '@tiptap/extension-collaboration'
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret'
import { Document } from '@tiptap/extension-document'
import { Paragraph } from '@tiptap/extension-paragraph'
import { Text } from '@tiptap/extension-text'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const params = new URLSearchParams(location.search)
const ydoc = new Y.Doc()
const provider = new WebsocketProvider(
  `${location.origin.replace('http', 'ws')}/ws`,
  params.get('room') ?? '',
  ydoc,
)

const name = params.get('name') ?? ''
new Editor({
  element: document.body,
  extensions: [
    Document,
    Paragraph,
    Text,
    Collaboration.configure({ document: ydoc }),
    CollaborationCaret.configure({ provider, user: { id: name, name, color: '#ca4459' } }),
  ],
})
provider.on('status', ({ status }) => {
  document.body.dataset['status'] = status
})
