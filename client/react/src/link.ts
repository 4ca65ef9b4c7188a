import type { ConnectionDetail, LocalCopyState, Pending, RoomfulProvider } from '@roomful/provider'

/** How far this tab's changes have come. */
export interface SyncStatus {
  /** Local updates the server has not acknowledged as durable; `unknown` on foreign servers and providers. */
  readonly pending: Pending
  /** The copy on this device. */
  readonly localCopy: LocalCopyState
}

/** A room's connection as hooks read it, whatever the provider. */
export interface Link {
  readonly detail: ConnectionDetail
  readonly sync: SyncStatus
  /** Document and people are as the other side has them, as far as the provider can tell. */
  readonly isSynced: boolean
  /** The other side has answered something asked after this connection had introduced itself. */
  readonly isAnswered: boolean
  /** Called when any of these may have changed. Returns how to stop. */
  subscribe(listener: () => void): () => void
}

/** The connection of a `RoomfulProvider`. */
export function roomfulLink(provider: RoomfulProvider): Link {
  return {
    get detail() {
      return provider.connectionDetail
    },
    get sync() {
      return { pending: provider.pending, localCopy: provider.localCopy }
    },
    get isSynced() {
      return provider.connection === 'connected' && provider.synced
    },
    get isAnswered() {
      return provider.connectionDetail.rttMs !== undefined
    },
    subscribe(listener) {
      const stop = provider.subscribe(listener)
      provider.on('sync', listener)
      return () => {
        stop()
        provider.off('sync', listener)
      }
    },
  }
}
