import { expect, test, vi } from 'vitest'
import { Random } from '../../../tests/support/random.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { RangeList } from './range-list.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

const WORLD = 60

/** Sorted, disjoint ranges, some of them touching, as a delete set may hold them. */
function randomRanges(random: Random): Int32Array {
  const pairs: number[] = []
  let at = random.int(8)
  while (at < WORLD - 8) {
    const to = at + random.between(1, 5)
    pairs.push(at, to)
    at = to + random.int(7)
  }
  return Int32Array.from(pairs)
}

function units(list: RangeList): number[] {
  return Array.from({ length: WORLD }, (_, unit) => unit).filter((unit) => list.has(unit))
}

/** Ranges are sorted and never touch: otherwise one deletion would count as many. */
function isNormal(list: RangeList): boolean {
  let last = -1
  for (const clock of list.pairs.subarray(0, 2 * list.count)) {
    if (clock <= last) return false
    last = clock
  }
  return true
}

test.each(['insert', 'merge'] as const)(
  '%s adds exactly the given units and keeps the list normal',
  (way) => {
    for (const seed of seeds(300)) {
      const random = new Random(seed)
      const list = new RangeList()
      const model = new Set<number>()
      for (let round = 0; round < 6; round++) {
        const pairs = randomRanges(random)
        const count = random.int(pairs.length / 2 + 1)
        if (way === 'merge') list.merge(pairs, 0, count)
        for (let i = 0; i < count; i++) {
          const [from = 0, to = 0] = pairs.subarray(2 * i)
          if (way === 'insert') list.insert(from, to)
          for (let unit = from; unit < to; unit++) model.add(unit)
        }
        expect(isNormal(list), `seed ${seed}`).toBe(true)
        expect(units(list), `seed ${seed}`).toEqual([...model].sort((a, b) => a - b))
      }
    }
  },
)

test('250,000 ranges between 250,000 others are merged in one pass', () => {
  const own = new RangeList()
  const even = Int32Array.from({ length: 500_000 }, (_, i) => (i >> 1) * 8 + (i & 1))
  const odd = even.map((clock) => clock + 4)
  own.merge(even, 0, 250_000)
  own.merge(odd, 0, 250_000)
  expect(own.count).toBe(500_000)
  expect(isNormal(own)).toBe(true)
})
