import { encodeAwareness } from '@roomful/shared'
import * as awarenessProtocol from 'y-protocols/awareness'

interface AwarenessChange {
  readonly added: readonly number[]
  readonly updated: readonly number[]
  readonly removed: readonly number[]
}

/**
 * What to tell others after an awareness change: our own entry, or nothing.
 *
 * y-websocket sends every change back, remote ones too; with n people each move then crosses the wire n times. Only a
 * change of our own goes out, and the one remote change that calls for a word: somebody declared us gone.
 *
 * @param remoteOrigin the origin of what came in through the socket or another tab.
 * @returns an awareness message, or `undefined`.
 */
export function ownAwarenessMessage(
  awareness: awarenessProtocol.Awareness,
  { added, updated, removed }: AwarenessChange,
  isRemote: boolean,
): Uint8Array | undefined {
  const own = awareness.clientID
  const concerned = isRemote
    ? removed.includes(own)
    : added.includes(own) || updated.includes(own) || removed.includes(own)
  if (!concerned) return undefined
  return encodeAwareness(awarenessProtocol.encodeAwarenessUpdate(awareness, [own]))
}

/**
 * Applies an awareness update from outside. An entry of our own in it is older than what we know, whatever its clock (it
 * came back through another tab, or from before a reload): our state is put back and said again with a higher clock.
 */
export function applyRemoteAwareness(
  awareness: awarenessProtocol.Awareness,
  update: Uint8Array,
  origin: unknown,
): void {
  const own = awareness.getLocalState()
  awarenessProtocol.applyAwarenessUpdate(awareness, update, origin)
  if (awareness.getLocalState() !== own) awareness.setLocalState(own)
}

/**
 * Forgets the clocks of those who are gone. Otherwise, after a reconnect, everyone who has not moved meanwhile would
 * stay invisible until their next renewal, up to 15 s: their clock is not higher than the one remembered.
 */
export function forgetAbsent(awareness: awarenessProtocol.Awareness): void {
  for (const clientId of awareness.meta.keys()) {
    if (clientId !== awareness.clientID && !awareness.states.has(clientId)) awareness.meta.delete(clientId)
  }
}
