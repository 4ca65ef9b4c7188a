import { encodeQueryAwareness } from '@roomful/shared'
import * as broadcast from 'lib0/broadcastchannel'
import type { WebsocketProvider } from 'y-websocket'

/** Says a message to the other tabs of this browser, where they are connected. */
export function tellTabs(provider: WebsocketProvider, message: Uint8Array): void {
  if (provider.bcconnected) broadcast.publish(provider.bcChannel, message, provider)
}

/** Asks the other tabs who is here: y-websocket forgets them, too, when the socket drops. */
export function askTabs(provider: WebsocketProvider): void {
  tellTabs(provider, encodeQueryAwareness())
}

/**
 * The channel a tab talks on. Tabs of one generation talk to each other: one with a deleted room's copy must not bring it
 * back. And tabs of one person: what somebody else wrote would reach the server in this one's name.
 */
export function channelName(
  base: string,
  generation: number | undefined,
  person: string | undefined,
): string {
  return `${base}${generation ? `#${generation}` : ''}${person === undefined ? '' : `@${person}`}`
}

/** Leaves the tabs on the old channel without a word and greets those on the new one. */
export function moveChannel(provider: WebsocketProvider, channel: string): void {
  if (channel === provider.bcChannel) return
  const wasConnected = provider.bcconnected
  if (wasConnected) broadcast.unsubscribe(provider.bcChannel, provider._bcSubscriber)
  provider.bcconnected = false
  provider.bcChannel = channel
  if (wasConnected) provider.connectBc()
}
