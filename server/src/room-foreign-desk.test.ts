import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createForeignDesk } from './room-foreign-desk.ts'
import { SILENT_EVENTS } from './room-events.ts'
import { RoomContent } from './room/room-content.ts'
import type { ForeignDesk, Tombstone } from './log/room-log.ts'

function deskOf(
  content: RoomContent,
  { isSettled = true, tombstone }: { isSettled?: boolean; tombstone?: Tombstone } = {},
): ForeignDesk {
  return createForeignDesk({
    content,
    events: SILENT_EVENTS,
    head: () => ({ generation: 1, epoch: 'e', upTo: '', tombstone }),
    upTo: () => (isSettled ? '' : undefined),
  })
}

function written(text: string, doc = new Y.Doc()): Uint8Array {
  doc.getText('note').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

test('looking at an update changes nothing, whatever comes of it', async () => {
  const content = await RoomContent.open(undefined)
  const desk = deskOf(content)
  const update = written('hello')
  const before = [content.version, content.encodeStateVector().join()]
  expect(desk.inspect(update)).toEqual({ kind: 'new', update })
  expect(desk.inspect(Uint8Array.of(1, 1, 7, 0, 99, 1, 2)).kind).toBe('refused')
  expect([content.version, content.encodeStateVector().join()]).toEqual(before)
  expect(content.admit(update).kind).toBe('append')
  expect(content.tailCount).toBe(1)
})

test('what the room knows is left out only while nothing of its own is on its way', async () => {
  const content = await RoomContent.open(undefined)
  const update = written('hello')
  content.admit(update)
  expect(deskOf(content).inspect(update)).toEqual({ kind: 'known' })
  expect(deskOf(content, { isSettled: false }).inspect(update).kind).toBe('new')
  expect(deskOf(content, { isSettled: false }).state()).toBeUndefined()
})

test('what was deleted with an earlier generation does not come back', async () => {
  const content = await RoomContent.open(undefined)
  const doc = new Y.Doc()
  const past = written('the past', doc)
  const tombstone = { generation: 0, stateVector: Y.encodeStateVector(doc), deletedAt: 0 }
  const desk = deskOf(content, { tombstone })
  expect(desk.inspect(past)).toEqual({ kind: 'known' })
  expect(desk.inspect(written('the present')).kind).toBe('new')
})
