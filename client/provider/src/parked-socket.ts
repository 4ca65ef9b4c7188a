import type { WebsocketProvider } from 'y-websocket'

/**
 * A socket that is closed and stays closed; it stands in `provider.ws` while we wait for the next try.
 *
 * Why: y-websocket plans its own retry, `setTimeout(setupWS, min(100·2^n, maxBackoffTime))`, at every close, and
 * `setupWS` is private. But it does nothing while `ws` is not null. With this in place its timer finds a socket and
 * leaves; ours takes it away and calls `connect()`. Nothing of y-websocket is copied, and `shouldConnect` keeps its
 * documented meaning throughout.
 */
export class ParkedSocket extends EventTarget implements WebSocket {
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSING = 2
  readonly CLOSED = 3
  readonly readyState = 3
  readonly bufferedAmount = 0
  readonly extensions = ''
  readonly protocol = ''
  readonly url = ''
  binaryType: BinaryType = 'arraybuffer'
  onclose: WebSocket['onclose'] = null
  onerror: WebSocket['onerror'] = null
  onmessage: WebSocket['onmessage'] = null
  onopen: WebSocket['onopen'] = null

  close(): void {}

  send(): void {}
}

/** Keeps y-websocket's own timer from connecting, or no longer; see {@link ParkedSocket}. */
export function park(provider: WebsocketProvider, isParked: boolean): void {
  if (isParked) provider.ws ??= new ParkedSocket()
  else if (provider.ws instanceof ParkedSocket) provider.ws = null
}
