import { Random } from '../random.ts'
import type { Operation, OperationKind } from './operations.ts'
import { TAB_STEPS, type TabStep } from './tab-steps.ts'
import { WORLD_STEPS, type WorldStep } from './world-steps.ts'
import type { World } from './world.ts'

/** After most steps the event loop turns; the rest happen in one turn. */
const TURN_SHARE = 0.7

/** Typed as a whole, so that no kind of operation is without its step. */
const STEPS: Readonly<
  Record<OperationKind, { of: 'tab'; step: TabStep } | { of: 'world'; step: WorldStep }>
> = { ...labelled('tab', TAB_STEPS), ...labelled('world', WORLD_STEPS) }

/**
 * Takes one step. Steps that find nothing to do, do nothing.
 *
 * @returns what happened, for people; `undefined` where nothing did.
 */
export async function perform(world: World, operation: Operation): Promise<string | undefined> {
  const random = new Random(operation.seed)
  const turns = random.chance(TURN_SHARE)
  const told = await take(world, operation.kind, random)
  if (turns && world.clock.turnPending) world.clock.endTurn()
  return told
}

async function take(world: World, kind: OperationKind, random: Random): Promise<string | undefined> {
  const entry = STEPS[kind]
  if (entry.of === 'world') return entry.step(world, random)
  const tab = random.pick(world.tabs)
  return tab === undefined ? undefined : entry.step(world, tab, random)
}

function labelled<K extends string, L extends string, S>(
  of: L,
  steps: Readonly<Record<K, S>>,
): Record<K, { of: L; step: S }> {
  const entries = Object.entries<S>(steps).map(([kind, step]) => [kind, { of, step }])
  return Object.fromEntries(entries) as Record<K, { of: L; step: S }>
}
