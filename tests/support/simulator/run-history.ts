import { checkClaims, checkDurable } from './invariants.ts'
import type { Operation } from './operations.ts'
import { perform } from './perform.ts'
import { checkQuiescence } from './quiescence.ts'
import { drained, Violation, World, type WorldOptions } from './world.ts'

/** Invariants that need a document are looked at after every so many-th step. */
const CHECK_EVERY = 5

/** What one history came to. */
export interface HistoryResult {
  /** What was violated; `undefined` = nothing. */
  readonly violation: string | undefined
  /** What happened, step by step, for people. */
  readonly told: readonly string[]
  readonly acknowledgements: number
  readonly crashes: number
  /** Updates of the newcomer at the end, who only joined. */
  readonly newcomerWrites: number
}

/**
 * Runs one history from an empty world to quiescence. The same options and operations give the same result.
 *
 * @example await runHistory({ openRoom: openRealRoom }, generateOperations(7))
 */
export async function runHistory(
  options: WorldOptions,
  operations: readonly Operation[],
): Promise<HistoryResult> {
  const world = new World(options)
  const told: string[] = []
  let violation: string | undefined
  try {
    for (const [index, operation] of operations.entries()) {
      const what = await perform(world, operation)
      if (what !== undefined) told.push(`${index} ${what}`)
      await drained()
      if (operation.kind === 'crash') checkDurable(world)
      if (index % CHECK_EVERY === 0)
        for (const { room } of world.instances) if (room !== undefined) checkClaims(room)
      world.sweep()
      world.throwViolations()
    }
    told.push('quiescence')
    await checkQuiescence(world)
    world.throwViolations()
  } catch (error) {
    violation =
      error instanceof Violation
        ? error.message
        : `threw ${error instanceof Error ? error.stack : String(error)}`
  } finally {
    for (const tab of world.tabs) tab.close()
  }
  const { acknowledgements, crashes, newcomerWrites } = world
  return { violation, told, acknowledgements, crashes, newcomerWrites }
}
