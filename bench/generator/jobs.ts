import type { Target } from './client.ts'
import { runCursors, type CursorsJob } from './jobs/cursors.ts'
import { runEdits, type EditsJob } from './jobs/edits.ts'
import type { Measured } from './measured.ts'

/** Everything the generator can do. */
export type Job = CursorsJob | EditsJob

export function runJob(target: Target, job: Job): Promise<Measured> {
  switch (job.kind) {
    case 'cursors':
      return runCursors(target, job)
    case 'edits':
      return runEdits(target, job)
  }
}
