import { expect } from 'vitest'
import type { Fault } from './faults.ts'
import { FaultHouse } from './house.ts'

/** How a fault is lived through. */
export interface Weather {
  readonly seed: number
  /** How long it lasts at least, ms. */
  readonly holdMs: number
  /** Nobody writes while it lasts. */
  readonly isQuiet?: boolean
  /** Both instances compact while it lasts. */
  readonly compacts?: boolean
}

/**
 * A house in which everything goes well, the fault, its end; then, with nobody writing, everything has to be whole, and
 * after that everything has to go on as before.
 */
export async function weather(fault: Fault, { seed, holdMs, isQuiet, compacts }: Weather): Promise<void> {
  const house = await FaultHouse.open({ seed, redis: fault.redis, clockOffMs: fault.clockOffMs })
  try {
    const mend = await fault.break(house, holdMs)
    const compacted = compacts === true ? house.compact() : undefined
    if (isQuiet !== true) {
      house.act()
      await house.expectUsable()
      if (!fault.saves) house.expectPending()
    }
    await mend()
    const tookMs = await house.expectWhole(`after "${fault.name}"`)
    await compacted
    expect(house.missed).toEqual([])
    house.act()
    await house.expectWhole(`when life goes on after "${fault.name}"`)
    expect(house.missed).toEqual([])
    process.stderr.write(`${fault.name}: seed ${seed}, whole after ${Math.round(tookMs)} ms\n`)
  } catch (error) {
    throw new Error(`seed ${seed}: ${fault.name}`, { cause: error })
  } finally {
    await house.close()
  }
}
