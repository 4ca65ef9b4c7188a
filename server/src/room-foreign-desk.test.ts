import { DEFAULT_LIMITS } from '@roomful/shared'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { systemClock } from './clock.ts'
import { createForeignDesk } from './room-foreign-desk.ts'
import { LargeUpdates } from './room-large-updates.ts'
import { SILENT_EVENTS } from './room-events.ts'
import { RoomContent } from './room/room-content.ts'
import type { ForeignDesk, Tombstone } from './log/room-log.ts'
import { SliceQueue, type Slice } from './slice-queue.ts'
import { createInlineReader } from './update-reader.ts'

interface DeskFacts {
  readonly isSettled?: boolean
  readonly tombstone?: Tombstone
  readonly largeUpdateBytes?: number
  readonly slices?: SliceQueue
}

function deskOf(
  content: RoomContent,
  { isSettled = true, tombstone, largeUpdateBytes, slices }: DeskFacts = {},
): ForeignDesk {
  return createForeignDesk({
    content,
    large: new LargeUpdates({
      content,
      options: {
        clock: systemClock,
        limits: DEFAULT_LIMITS,
        largeUpdateBytes,
        sliceBudget: { sections: 1, structs: 1, ranges: 1 },
        slices,
      },
      reader: createInlineReader(systemClock),
      admitted: (admission) => admission,
    }),
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
  expect(await desk.inspect(update)).toEqual({ kind: 'new', update })
  expect((await desk.inspect(Uint8Array.of(1, 1, 7, 0, 99, 1, 2))).kind).toBe('refused')
  expect([content.version, content.encodeStateVector().join()]).toEqual(before)
  expect(content.admit(update).kind).toBe('append')
  expect(content.tailCount).toBe(1)
})

test('what the room knows is left out only while nothing of its own is on its way', async () => {
  const content = await RoomContent.open(undefined)
  const update = written('hello')
  content.admit(update)
  expect(await deskOf(content).inspect(update)).toEqual({ kind: 'known' })
  expect((await deskOf(content, { isSettled: false }).inspect(update)).kind).toBe('new')
  expect(deskOf(content, { isSettled: false }).state()).toBeUndefined()
})

test('what was deleted with an earlier generation does not come back', async () => {
  const content = await RoomContent.open(undefined)
  const doc = new Y.Doc()
  const past = written('the past', doc)
  const tombstone = { generation: 0, stateVector: Y.encodeStateVector(doc), deletedAt: 0 }
  const desk = deskOf(content, { tombstone })
  expect(await desk.inspect(past)).toEqual({ kind: 'known' })
  expect((await desk.inspect(written('the present'))).kind).toBe('new')
})

/** Counts the slices of long work. */
class CountedSlices extends SliceQueue {
  count = 0

  override add(slice: Slice): void {
    super.add(() => {
      this.count += 1
      return slice()
    })
  }
}

test('[I3] a large one is looked at in slices, and the verdict is the same', async () => {
  const content = await RoomContent.open(undefined)
  const slices = new CountedSlices(systemClock)
  const desk = deskOf(content, { largeUpdateBytes: 10, slices })
  const doc = new Y.Doc()
  for (let client = 1; client <= 30; client += 1) {
    doc.clientID = client
    written(`w${client}`, doc)
  }
  const update = Y.encodeStateAsUpdate(doc)
  expect(await desk.inspect(update)).toEqual({ kind: 'new', update })
  expect(slices.count).toBeGreaterThan(30)
  expect(content.tailCount).toBe(0)
  content.admit(update)
  expect(await desk.inspect(update)).toMatchObject({ kind: 'known' })
  const unsettled = deskOf(content, { largeUpdateBytes: 10, isSettled: false })
  expect((await unsettled.inspect(update)).kind).toBe('new')
  expect((await desk.inspect(new Uint8Array(100).fill(255))).kind).toBe('refused')
  const tombstone = { generation: 0, stateVector: Y.encodeStateVector(doc), deletedAt: 0 }
  const empty = await RoomContent.open(undefined)
  expect((await deskOf(empty, { largeUpdateBytes: 10, tombstone }).inspect(update)).kind).toBe('known')
})
