import type { Target } from './client.ts'
import { runCompaction, type CompactionJob } from './jobs/compaction.ts'
import { runCursors, type CursorsJob } from './jobs/cursors.ts'
import { runEdits, type EditsJob } from './jobs/edits.ts'
import { runFlood, type FloodJob } from './jobs/flood.ts'
import { runGrowth, type GrowthJob } from './jobs/growth.ts'
import { runIdle, type IdleJob } from './jobs/idle.ts'
import { runInstances, type InstancesJob } from './jobs/instances.ts'
import { runJoins, type JoinsJob } from './jobs/joins.ts'
import { runMovers, type MoversJob } from './jobs/movers.ts'
import { runOverload, type OverloadJob } from './jobs/overload.ts'
import { runReceipts, type ReceiptsJob } from './jobs/receipts.ts'
import { runRooms, type RoomsJob } from './jobs/rooms.ts'
import { runSlowReader, type SlowReaderJob } from './jobs/slow-reader.ts'
import { runFill, runFirstAnswer, type FillJob, type FirstAnswerJob } from './jobs/restart.ts'
import type { Measured } from './measured.ts'

/** Everything the generator can do. */
export type Job =
  | CompactionJob
  | CursorsJob
  | EditsJob
  | FloodJob
  | GrowthJob
  | IdleJob
  | InstancesJob
  | JoinsJob
  | MoversJob
  | OverloadJob
  | ReceiptsJob
  | RoomsJob
  | SlowReaderJob
  | FillJob
  | FirstAnswerJob

export function runJob(target: Target, job: Job): Promise<Measured> {
  switch (job.kind) {
    case 'compaction':
      return runCompaction(job)
    case 'cursors':
      return runCursors(target, job)
    case 'edits':
      return runEdits(target, job)
    case 'flood':
      return runFlood(target, job)
    case 'growth':
      return runGrowth(target, job)
    case 'idle':
      return runIdle(target, job)
    case 'instances':
      return runInstances(target, job)
    case 'joins':
      return runJoins(target, job)
    case 'movers':
      return runMovers(target, job)
    case 'overload':
      return runOverload(target, job)
    case 'receipts':
      return runReceipts(target, job)
    case 'rooms':
      return runRooms(target, job)
    case 'slow-reader':
      return runSlowReader(target, job)
    case 'fill':
      return runFill(target, job)
    case 'first-answer':
      return runFirstAnswer(target, job)
  }
}
