import type { Target } from './client.ts'
import { runJob, type Job } from './jobs.ts'

// The generator's process: one job, handed in and answered over IPC.

/** What the bench asks of it. */
export interface Order {
  readonly target: Target
  readonly job: Job
}

process.once('message', (order: Order) => {
  runJob(order.target, order.job).then(
    (result) => answer({ ok: true, result }),
    (error: unknown) =>
      answer({ ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})

// the bench is gone: nobody waits for a result
process.once('disconnect', () => process.exit(1))

function answer(message: object): void {
  process.send?.(message, () => process.exit(0))
}
