import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { deviceClock } from './clock.ts'
import { discardKeptAside, listKeptAside, readKeptAside } from './device.ts'
import { roomKey } from './generation.ts'
import { RoomCopy } from './room-copy.ts'

const URL = 'ws://aside.example/ws'

function open(doc: Y.Doc): RoomCopy {
  return new RoomCopy(roomKey(URL, 'room'), undefined, doc, {
    clock: deviceClock,
    onLoaded: () => undefined,
    onStored: () => undefined,
    ledger: () => ({ made: 1, durable: 0, isRelayPending: false }),
  })
}

test('[W35] a copy that has come apart is kept under a name of its own, and the next load begins without it', async () => {
  const doc = new Y.Doc()
  const copy = open(doc)
  doc.getText('note').insert(0, 'come apart')
  await vi.waitFor(() => expect(copy.holds(1)).toBe(true))
  await copy.setAside()
  const fresh = new Y.Doc()
  const next = open(fresh)
  await vi.waitFor(() => expect(next.holds(1)).toBe(true))
  expect(fresh.getText('note').toJSON()).toBe('')
  const [kept, ...others] = await listKeptAside(URL, 'room')
  expect(others).toEqual([])
  expect(kept?.generation).toBe(0)
  expect(await listKeptAside(URL, 'roo')).toEqual([])
  if (kept === undefined) return
  Y.applyUpdate(fresh, await readKeptAside(kept))
  expect(fresh.getText('note').toJSON()).toBe('come apart')
  await discardKeptAside(kept)
  expect(await listKeptAside(URL, 'room')).toEqual([])
  next.destroy()
})
