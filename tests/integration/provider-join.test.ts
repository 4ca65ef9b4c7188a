import type { JoinProgress } from '@roomful/provider'
import { encodeFragment, encodeSyncStep2, MESSAGE } from '@roomful/shared'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { startGreetingServer } from '../support/greeting-server.ts'
import { openRaw } from '../support/raw-socket.ts'
import { connectRoomful } from '../support/roomful-client.ts'
import { connectStock } from '../support/stock-client.ts'
import { startServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** About 600 kB with format marks, which a document cut into several updates would lose or double. */
function largeDoc(): Y.Doc {
  const doc = new Y.Doc()
  doc.transact(() => {
    const note = doc.getText('note')
    for (let line = 0; line < 200; line++) {
      note.insert(0, `${line} ${'long '.repeat(600)}`)
      note.format(2, 7, { bold: true })
    }
  })
  return doc
}

describe('joining a large room', () => {
  test('[W32] the document comes with progress, is applied as one, and is what a stock client gets in one piece', async () => {
    const server = await startServer()
    cleanups.push(server.close)
    const doc = largeDoc()
    const writer = connectRoomful(server.wsUrl, 'room', { doc })
    cleanups.push(writer.destroy)
    await waitFor('the upload', () => writer.provider.synced && writer.provider.pending === 0)

    const joiner = connectRoomful(server.wsUrl, 'room', { connect: false })
    cleanups.push(joiner.destroy)
    const progress: JoinProgress[] = []
    const shown: (JoinProgress | undefined)[] = []
    let updates = 0
    joiner.provider.on('progress', (now) => {
      progress.push(now)
      shown.push(joiner.provider.connectionDetail.progress)
    })
    joiner.doc.on('update', () => updates++)
    joiner.provider.connect()
    // typed while the document is still on its way
    writer.doc.getText('note').insert(0, 'news ')
    await waitFor(
      'the whole document',
      () => joiner.doc.getText('note').length === writer.doc.getText('note').length,
    )
    const last = progress.at(-1)
    expect(progress.length).toBeGreaterThanOrEqual(4)
    expect(last?.receivedBytes).toBe(last?.totalBytes)
    expect(progress.map(({ receivedBytes }) => receivedBytes)).toEqual(
      progress.map(({ receivedBytes }) => receivedBytes).toSorted((a, b) => a - b),
    )
    expect(joiner.provider.connectionDetail.progress).toBeUndefined()
    expect(shown).toEqual([...progress.slice(0, -1), undefined])
    // the answer, and the news where they came behind it
    expect(updates).toBeLessThanOrEqual(2)

    const stock = connectStock(server.wsUrl, 'room')
    cleanups.push(stock.destroy)
    await waitFor('the stock client', () => stock.provider.synced)
    expect(joiner.doc.getText('note').toDelta()).toEqual(stock.doc.getText('note').toDelta())
    expect(joiner.doc.store.pendingStructs).toBeNull()
  })

  test('[W32] only who asked for the extensions gets fragments', async () => {
    const server = await startServer()
    cleanups.push(server.close)
    const writer = connectRoomful(server.wsUrl, 'room', { doc: largeDoc() })
    cleanups.push(writer.destroy)
    await waitFor('the upload', () => writer.provider.synced && writer.provider.pending === 0)
    const [stock, extended] = [
      await openRaw(`${server.wsUrl}/room`),
      await openRaw(`${server.wsUrl}/room?v=1`),
    ]
    for (const socket of [stock, extended]) socket.send([MESSAGE.sync, 0, 1, 0])
    const whole = await stock.next('sync-step2')
    await waitFor('the last fragment', () => {
      const last = extended.messages.findLast(({ type }) => type === 'fragment')
      return last?.type === 'fragment' && last.index === last.count - 1
    })
    const slices = extended.messages.flatMap((message) =>
      message.type === 'fragment' ? [message.slice] : [],
    )
    expect(Buffer.concat(slices).equals(encodeSyncStep2(whole.update))).toBe(true)
    expect(extended.messages.some(({ type }) => type === 'sync-step2')).toBe(false)
    expect(stock.messages.some(({ type }) => type === 'fragment')).toBe(false)
    stock.close()
    extended.close()
  })

  test('[W32] a server that sends fragments out of order is left and asked again, with nothing applied', async () => {
    let isHostile = true
    const server = await startGreetingServer({
      onConnection: (connection) => {
        if (!isHostile) return true
        const slice = Uint8Array.of(0, 1, 2)
        connection.send(encodeFragment({ index: 0, count: 3, totalBytes: 9, slice }))
        connection.send(encodeFragment({ index: 2, count: 3, totalBytes: 9, slice }))
        return false
      },
    })
    cleanups.push(server.close)
    server.doc.getText('note').insert(0, 'right')
    const client = connectRoomful(server.url, 'room', { random: () => 0 })
    cleanups.push(client.destroy)
    await waitFor('the second try', () => server.history.length > 1)
    isHostile = false
    await waitFor('the document', () => client.doc.getText('note').toString() === 'right')
    expect(client.provider.connectionDetail.progress).toBeUndefined()
  })

  test('[W32] a connection cut between two fragments begins anew', async () => {
    let joins = 0
    const update = Y.encodeStateAsUpdate(largeDoc())
    const message = encodeSyncStep2(update)
    const half = Math.ceil(message.length / 2)
    const part = (index: number): Uint8Array =>
      encodeFragment({
        index,
        count: 2,
        totalBytes: message.length,
        slice: message.subarray(index * half, (index + 1) * half),
      })
    const server = await startGreetingServer({
      onConnection: (connection) => {
        joins++
        connection.send(part(0))
        if (joins === 1) setImmediate(() => connection.socket.terminate())
        else connection.send(part(1))
        return false
      },
    })
    cleanups.push(server.close)
    const client = connectRoomful(server.url, 'room', { random: () => 0 })
    cleanups.push(client.destroy)
    await waitFor('the document', () => client.provider.synced)
    expect(joins).toBe(2)
    expect(Buffer.compare(Y.encodeStateAsUpdate(client.doc), update)).toBe(0)
  })
})
