import {
  encodeAwareness,
  encodeQueryAwareness,
  lightColor,
  type PresenceUser,
  type VerifiedIdentity,
} from '@roomful/shared'
import { equalityDeep } from 'lib0/function'
import { uint32 } from 'lib0/random'
import * as awarenessProtocol from 'y-protocols/awareness'
import type { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import { tellTabs } from './tab-channel.ts'

interface AwarenessChange {
  readonly added: readonly number[]
  readonly updated: readonly number[]
  readonly removed: readonly number[]
}

/**
 * Says who this tab is. What the server knows of them holds, whatever the program says.
 *
 * @param user default: what is said already.
 */
export function sayUser(
  awareness: awarenessProtocol.Awareness,
  verified: VerifiedIdentity | undefined,
  user?: PresenceUser,
): void {
  const before = awareness.getLocalState()?.['user'] ?? {}
  const said = { ...(user ?? before), ...verified }
  if (verified?.color) said.colorLight = lightColor(verified.color)
  if (!equalityDeep(said, before)) awareness.setLocalStateField('user', said)
}

/**
 * Replaces y-websocket's awareness handler by one that says our own entry only, to the server and to the other tabs.
 *
 * y-websocket sends every change back, remote ones too; with n people each move then crosses the wire n times. Only a
 * change of our own goes out, and the one remote change that calls for a word: somebody declared us gone.
 */
export function sendOwnAwarenessOnly(
  provider: WebsocketProvider,
  sendToServer: (message: Uint8Array) => void,
): void {
  const { awareness } = provider
  awareness.off('update', provider._awarenessUpdateHandler)
  // under y-websocket's name, so that its destroy() takes it off again
  provider._awarenessUpdateHandler = (change: AwarenessChange, origin: unknown) => {
    if (!isOwnNews(change, awareness.clientID, origin === provider)) return
    const message = encodeAwareness(awarenessProtocol.encodeAwarenessUpdate(awareness, [awareness.clientID]))
    sendToServer(message)
    tellTabs(provider, message)
  }
  awareness.on('update', provider._awarenessUpdateHandler)
}

function isOwnNews({ added, updated, removed }: AwarenessChange, own: number, isRemote: boolean): boolean {
  return removed.includes(own) || (!isRemote && (added.includes(own) || updated.includes(own)))
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
  let own = awareness.getLocalState()
  // somebody answers what they just heard by saying something themselves: that is newer than what we know
  const onSaid = (_: AwarenessChange, from: unknown): void => {
    if (from === 'local') own = awareness.getLocalState()
  }
  awareness.on('update', onSaid)
  try {
    awarenessProtocol.applyAwarenessUpdate(awareness, update, origin)
  } finally {
    awareness.off('update', onSaid)
  }
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

/**
 * Somebody else speaks for our clientID: we go on under a new one. The old entry stays what the others say it is, it is
 * only no longer ours.
 *
 * @returns what to ask the server: who is here
 */
export function takeNewClientId(doc: Y.Doc, awareness: awarenessProtocol.Awareness): Uint8Array {
  const { clientID: lost } = awareness
  const state = awareness.getLocalState()
  doc.clientID = uint32()
  awareness.clientID = doc.clientID
  awarenessProtocol.removeAwarenessStates(awareness, [lost], 'local')
  awareness.meta.delete(lost)
  // y-protocols takes no entry of a stranger at clock 0: ours begins at 1
  awareness.meta.set(awareness.clientID, { clock: 0, lastUpdated: Date.now() })
  if (state !== null) awareness.setLocalState(state)
  // whoever has the old one was kept from us as ourselves
  return encodeQueryAwareness()
}
