import {
  encodeOperations,
  generateOperations,
  OPERATION_WEIGHTS,
  SHARED_WEIGHTS,
  type Operation,
} from './operations.ts'
import { type HistoryResult, runHistory } from './run-history.ts'
import { SHRINK_BUDGET, type ShrinkBudget, shrinkOperations } from './shrink.ts'
import type { WorldOptions } from './world.ts'

/** What many histories came to. */
export interface SeedsResult {
  readonly histories: number
  readonly steps: number
  readonly acknowledgements: number
  readonly crashes: number
  /** The first failure, minimised and told; `undefined` = all held. */
  readonly failure: string | undefined
}

/** Seeds of one call, and how their failure is told. */
export interface SeedsOptions {
  readonly from: number
  readonly to: number
  readonly maxSteps: number
  /** The test file to name in the line that runs one seed again. */
  readonly file: string
  readonly shrink?: ShrinkBudget
}

/** Runs the histories of the seeds `from` … `to` - 1 up to the first that fails. */
export async function runSeeds(world: WorldOptions, options: SeedsOptions): Promise<SeedsResult> {
  const weights = (world.instances ?? 1) > 1 ? SHARED_WEIGHTS : OPERATION_WEIGHTS
  const sum = { histories: 0, steps: 0, acknowledgements: 0, crashes: 0 }
  for (let seed = options.from; seed < options.to; seed++) {
    const operations = generateOperations(seed, options.maxSteps, weights)
    const result = await runHistory(world, operations)
    sum.histories++
    sum.steps += operations.length
    sum.acknowledgements += result.acknowledgements
    sum.crashes += result.crashes
    if (result.violation === undefined) continue
    return { ...sum, failure: await explain(world, seed, operations, result, options) }
  }
  return { ...sum, failure: undefined }
}

/** Runs one recorded history, for named tests; its failure is told without shrinking. */
export async function runRecorded(
  world: WorldOptions,
  operations: readonly Operation[],
): Promise<string | undefined> {
  const { violation, told } = await runHistory(world, operations)
  return violation === undefined ? undefined : `${violation}\n${told.join('\n')}`
}

async function explain(
  world: WorldOptions,
  seed: number,
  operations: readonly Operation[],
  result: HistoryResult,
  options: SeedsOptions,
): Promise<string> {
  const kind = kindOf(result.violation)
  const shortest = await shrinkOperations(
    operations,
    async (candidate) => kindOf((await runHistory(world, candidate)).violation) === kind,
    options.shrink ?? SHRINK_BUDGET,
  )
  const minimal = await runHistory(world, shortest)
  return [
    `seed ${seed} fails after ${operations.length} operations: ${result.violation}`,
    `${shortest.length} of them are enough: ${minimal.violation}`,
    ...minimal.told.map((line) => `  ${line}`),
    `operations: ${encodeOperations(shortest)}`,
    `again: ROOMFUL_SEED=${seed} ROOMFUL_STEPS=${options.maxSteps} npx vitest run ${options.file}`,
  ].join('\n')
}

/** What kind of failure it is: names and numbers differ while a history shrinks. */
function kindOf(violation: string | undefined): string | undefined {
  return violation?.replaceAll(/\bt\d+\b|a newcomer|the room|storage/g, '*').split(/[\d{]/)[0]
}
