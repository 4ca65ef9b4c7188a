import { describe, expect, test } from 'vitest'
import { Random } from '../../../../tests/support/random.ts'
import { seeds } from '../../../../tests/support/seeds.ts'
import { StackRanks } from './stack-ranks.ts'

const many = Array.from({ length: 1_000 }, (_, n) => `card${n}`)

function rises(ids: readonly string[], ranks: ReadonlyMap<string, number>): boolean {
  return (
    ranks.size === ids.length &&
    ids.every((id, at) => at === 0 || (ranks.get(id) ?? NaN) > (ranks.get(ids[at - 1] ?? '') ?? NaN))
  )
}

function changed(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...after].filter(([id, rank]) => before.get(id) !== rank).map(([id]) => id)
}

describe('ranks in the stack', () => {
  test('are the same map as long as the stack is the same', () => {
    const ranks = new StackRanks()
    const first = ranks.of(['a', 'b', 'c'])
    expect(ranks.of(['a', 'b', 'c'])).toBe(first)
    expect(ranks.of(['a', 'c'])).not.toBe(first)
  })

  test('a card that goes to the front, the back or the middle of a thousand changes its own rank alone', () => {
    const ranks = new StackRanks()
    const start = ranks.of(many)
    const [first = '', second = '', ...rest] = many
    const front = ranks.of([second, ...rest, first])
    expect(changed(start, front)).toEqual([first])
    const middle = ranks.of([second, ...rest.slice(0, 500), first, ...rest.slice(500)])
    expect(changed(front, middle)).toEqual([first])
    const back = ranks.of([first, second, ...rest])
    expect(changed(middle, back)).toEqual([first])
  })

  test('rise in the order of the stack after any history', () => {
    for (const seed of seeds(30)) {
      const random = new Random(seed)
      const ranks = new StackRanks()
      let ids = many.slice(0, 12)
      for (let step = 0; step < 200; step++) {
        const id = random.pick(many.slice(0, 20)) ?? ''
        ids = ids.filter((other) => other !== id)
        if (random.chance(0.85)) ids.splice(random.int(ids.length + 1), 0, id)
        expect(rises(ids, ranks.of(ids)), `seed ${seed}, step ${step}`).toBe(true)
      }
    }
  })
})
