import type { WebsocketProvider } from 'y-websocket'

/** Lets go of a socket that is half-open or never opened: no event will come by itself. */
export function giveUp(provider: WebsocketProvider): void {
  // a socket still opening reports its close; for an open one y-websocket's own watchdog, told that the last word was
  // long ago, closes it within 3 s without waiting for the other side
  if (provider.wsconnected) provider.wsLastMessageReceived = 0
  else provider.ws?.close()
}
