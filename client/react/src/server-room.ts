import { foreignLink } from './foreign-link.ts'
import { openRoom, type Room } from './room.ts'

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
  // nothing is known yet but that the page will connect
  return { ...room, link: foreignLink({ connected: false }) }
}
