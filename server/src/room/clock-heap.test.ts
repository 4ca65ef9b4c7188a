import { expect, test, vi } from 'vitest'
import { Random } from '../../../tests/support/random.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { ClockHeap } from './clock-heap.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

test('exactly the sections that wait for a lower clock are taken', () => {
  for (const seed of seeds(100)) {
    const random = new Random(seed)
    const heap = new ClockHeap()
    const model: [clock: number, section: number][] = []
    for (let round = 0; round < 60; round++) {
      for (let i = random.int(4); i > 0; i--) {
        const waiting: [number, number] = [random.int(2 ** 31), random.int(2 ** 22)]
        heap.push(...waiting)
        model.push(waiting)
      }
      const clock = random.int(2 ** 31)
      const taken: number[] = []
      for (let section = heap.take(clock); section !== -1; section = heap.take(clock)) taken.push(section)
      const due = model.filter(([waits]) => waits < clock)
      model.splice(0, model.length, ...model.filter(([waits]) => waits >= clock))
      expect(taken.sort(), `seed ${seed}`).toEqual(due.map(([, section]) => section).sort())
    }
  }
})
