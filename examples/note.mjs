// Joins a room from Node, prints its note at every change, and adds each line you type.
// node examples/note.mjs ws://127.0.0.1:3000/ws lobby
import { createInterface } from 'node:readline'
import { RoomfulProvider } from '@roomful/provider'
import { roomDoc } from '@roomful/shared'
import { WebSocket } from 'ws'
import * as Y from 'yjs'

const [serverUrl = 'ws://127.0.0.1:3000/ws', room = 'lobby'] = process.argv.slice(2)
const doc = new Y.Doc()
const { note } = roomDoc(doc)
// Node 20 has no WebSocket of its own
const provider = new RoomfulProvider(serverUrl, room, doc, { WebSocketPolyfill: WebSocket })

note.observe(() => console.log(note.toString()))
provider.on('connection', (state) => console.error(`${room}: ${state}`))
createInterface({ input: process.stdin }).on('line', (line) => note.insert(note.length, `${line}\n`))
