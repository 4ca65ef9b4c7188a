import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Target } from './generator/client.ts'
import type { Job } from './generator/jobs.ts'
import type { Measured } from './generator/measured.ts'
import type { Order } from './generator/main.ts'
import { pinned } from './servers/cores.ts'

/** What the generator's process answers. */
type Answer =
  | { readonly ok: true; readonly result: Measured }
  | { readonly ok: false; readonly message: string }

/** A job that takes longer hangs. */
const JOB_MS = 300_000

/** Runs one job against a server, in a generator process of its own. */
export function runJob(target: Target, job: Job, patienceMs: number = JOB_MS): Promise<Measured> {
  const entry = join(import.meta.dirname, 'generator', 'main.ts')
  const node = ['--conditions=@roomful/source', '--import', 'tsx', entry]
  const [file, args] = pinned('generator', process.execPath, node)
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      // structured clone: infinite latencies must arrive as such
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`${job.kind}: no result after ${patienceMs} ms`))
    }, patienceMs)
    child.once('message', (answer: Answer) => {
      clearTimeout(timer)
      if (answer.ok) resolve(answer.result)
      else reject(new Error(answer.message))
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the generator ended with code ${code}`))
    })
    const order: Order = { target, job }
    child.send(order)
  })
}
