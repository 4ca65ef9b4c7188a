import type { Operation } from './operations.ts'

/** How far shrinking may go. */
export interface ShrinkBudget {
  readonly runs: number
  readonly ms: number
}

/** Enough for a few hundred steps; a failing test may take this much longer. */
export const SHRINK_BUDGET: ShrinkBudget = { runs: 1_500, ms: 60_000 }

/**
 * Drops operations while the history still fails the same way (delta debugging: halves first, then ever smaller pieces).
 *
 * @param fails - whether these operations still fail
 * @returns a history that fails and is as short as the budget allowed
 */
export async function shrinkOperations(
  operations: readonly Operation[],
  fails: (operations: readonly Operation[]) => Promise<boolean>,
  budget: ShrinkBudget = SHRINK_BUDGET,
): Promise<readonly Operation[]> {
  const deadline = performance.now() + budget.ms
  let runs = 0
  let shortest = operations
  let piece = Math.ceil(operations.length / 2)
  while (piece >= 1) {
    let dropped = false
    // from the end: what happened last depends on what came before, not the other way round
    for (let end = shortest.length; end > 0; end -= piece) {
      if (runs++ >= budget.runs || performance.now() > deadline) return shortest
      const start = Math.max(0, end - piece)
      const candidate = [...shortest.slice(0, start), ...shortest.slice(end)]
      if (await fails(candidate)) {
        shortest = candidate
        dropped = true
      }
    }
    if (piece === 1 && !dropped) return shortest
    if (!dropped || piece > 1) piece = Math.max(1, Math.floor(piece / 2))
  }
  return shortest
}
