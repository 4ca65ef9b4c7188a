import { cursors, echo, moved } from './cursors.ts'
import { edits } from './edits.ts'
import { frames } from './frames.ts'
import { idle } from './idle.ts'
import { instances } from './instances.ts'
import { joins } from './joins.ts'
import { compaction, flood, growth, slowReader } from './work.ts'
import { overload } from './overload.ts'
import { receipts } from './receipts.ts'
import { restart } from './restart.ts'
import { rooms } from './rooms.ts'
import { visits } from './visits.ts'
import type { Scenario } from './scenario.ts'

/** Every scenario, in the order of the tables. */
export const SCENARIOS: readonly Scenario[] = [
  cursors,
  moved,
  echo,
  overload,
  edits,
  rooms,
  idle,
  joins,
  restart,
  instances,
  receipts,
  slowReader,
  compaction,
  flood,
  growth,
  frames,
  visits,
]
