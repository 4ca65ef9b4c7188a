import { beforeEach, expect, test } from 'vitest'
import type { StoredEntry } from './redis-entry.ts'
import { encodePosition } from './position.ts'
import { RedisOrder } from './redis-order.ts'

let delivered: number[]
let forks: number
let order: RedisOrder

beforeEach(() => {
  delivered = []
  forks = 0
  order = new RedisOrder(3, 'a:3', {
    deliver: ({ sequence }) => delivered.push(sequence),
    forked: () => (forks += 1),
  })
})

/** `sequence` of the copy in which all entries are somebody's, behind the entry that stands there. */
function entry(sequence: number, author: string, before = `${author}:${sequence - 1}`): StoredEntry {
  const meta = { instanceId: author, at: 0 }
  const position = encodePosition(sequence)
  return {
    sequence,
    token: `${author}:${sequence}`,
    before,
    entry: { position, update: new Uint8Array(), meta },
  }
}

test('[I2] each entry is delivered once, behind its predecessor, however they come', () => {
  for (const sequence of [5, 4, 4, 7, 6, 5]) order.take(entry(sequence, 'a'))
  expect(delivered).toEqual([4, 5, 6, 7])
  expect(forks).toBe(0)
  expect(order.hasHole).toBe(false)
})

test('[I2] what stands behind another entry than the one that was read is not delivered', () => {
  order.take(entry(4, 'b'))
  expect([delivered, forks]).toEqual([[], 1])
  expect([order.last, order.token]).toEqual([3, 'a:3'])
  order.take(entry(4, 'a'))
  expect(delivered).toEqual([4])
})

test('[I2] of a batch that begins among what was read and goes on behind it nothing is delivered where they differ', () => {
  for (const sequence of [2, 3, 4, 5]) order.take(entry(sequence, 'b'))
  expect(delivered).toEqual([])
  expect(forks).toBeGreaterThan(0)
  expect(order.token).toBe('a:3')
})

test('[I2] what has waited for its predecessor is dropped where that turns out to be another one', () => {
  order.take(entry(5, 'b'))
  order.take(entry(4, 'a'))
  expect([delivered, forks, order.hasHole]).toEqual([[4], 1, false])
})

test('an entry whose predecessor is not known, because it was trimmed, is taken at its number', () => {
  order.take(entry(4, 'b', ''))
  expect([delivered, forks]).toEqual([[4], 0])
})
