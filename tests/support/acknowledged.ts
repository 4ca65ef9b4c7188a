import { encodeSyncStatus, MESSAGE } from '@roomful/shared'
import * as decoding from 'lib0/decoding'
import type { StockClient } from './stock-client.ts'

/** Counters sent and not yet returned. */
interface Receipts {
  last: number
  readonly waiting: Map<number, () => void>
}

const receiptsOf = new WeakMap<Pick<StockClient, 'provider'>, Receipts>()

/**
 * Sends a sync status (102) behind everything a stock client has sent so far; resolves when the server returned it,
 * i.e. when all of that is durable. Stays pending when the server dies first; rejects when there is no connection.
 * Any client may send it: the handler is y-websocket's own extension point.
 */
export function acknowledged(client: Pick<StockClient, 'provider'>): Promise<void> {
  const receipts = receiptsOf.get(client) ?? listen(client)
  const socket = client.provider.ws
  if (socket === null || !client.provider.wsconnected) {
    return Promise.reject(new Error('not connected: nothing can be acknowledged'))
  }
  const counter = ++receipts.last
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, counter)
  const returned = new Promise<void>((resolve) => receipts.waiting.set(counter, resolve))
  socket.send(Uint8Array.from(encodeSyncStatus(bytes)))
  return returned
}

function listen(client: Pick<StockClient, 'provider'>): Receipts {
  const receipts: Receipts = { last: 0, waiting: new Map() }
  receiptsOf.set(client, receipts)
  client.provider.messageHandlers[MESSAGE.syncStatus] = (_encoder, decoder) => {
    const bytes = decoding.readVarUint8Array(decoder)
    const counter = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
    receipts.waiting.get(counter)?.()
    receipts.waiting.delete(counter)
  }
  return receipts
}
