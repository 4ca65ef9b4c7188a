import type { Link } from './link.ts'
import { openRoom, type Room } from './room.ts'

/** Before a page has run nothing is known but that it will connect. */
const CONNECTING: Link = {
  detail: { state: 'connecting' },
  sync: { pending: 0, localCopy: 'off' },
  isSynced: false,
  isAnswered: false,
  subscribe: () => () => {},
}

/**
 * An empty room for markup made on a server, and for the page's first render, which has to be the same. It is closed:
 * it has no timer, no socket and no listener, and whatever is asked of it answers as an empty room does.
 */
export function createServerRoom(name: string): Room {
  // Node 20 has none, and y-websocket asks for one even when it is told not to connect
  const WebSocketPolyfill = Reflect.get(globalThis, 'WebSocket') ?? class {}
  const options = { connect: false, persist: false, disableBc: true, WebSocketPolyfill }
  const room = openRoom({ serverUrl: 'ws://localhost', room: name, options })
  room.close()
  return { ...room, link: CONNECTING }
}
