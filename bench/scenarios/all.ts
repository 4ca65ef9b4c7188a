import { cursors, echo } from './cursors.ts'
import { edits } from './edits.ts'
import type { Scenario } from './scenario.ts'

/** Every scenario, in the order of the tables. */
export const SCENARIOS: readonly Scenario[] = [cursors, echo, edits]
