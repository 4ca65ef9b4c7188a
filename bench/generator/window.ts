import type { Client, Target } from './client.ts'
import { OwnLoadWatch, type OwnLoad } from './own-load.ts'
import { cpuMicros, memory, resetPeak } from './process-probe.ts'

/** What a server did while it was measured. */
export interface Seen {
  readonly cpuMicros: number
  readonly ms: number
  /** Of one core. */
  readonly cpu: number
  readonly peakBytes: number
  /** Received by all clients. */
  readonly bytesIn: number
  readonly framesIn: number
  readonly own: OwnLoad
}

/** The time in which a server is measured, from construction to {@link Window.end}. */
export class Window {
  readonly #target: Target
  readonly #clients: readonly Client[]
  readonly #own = new OwnLoadWatch()
  readonly #bytes: number
  readonly #frames: number
  readonly #startedAt: number
  readonly #pids: readonly number[]
  readonly #cpu: number

  /** `morePids`: further processes that do the work; their CPU counts, their memory does not. */
  constructor(target: Target, clients: readonly Client[], morePids: readonly number[] = []) {
    this.#target = target
    this.#pids = [target.pid, ...morePids]
    this.#clients = clients
    resetPeak(target.pid)
    this.#bytes = total(clients, 'bytesIn')
    this.#frames = total(clients, 'framesIn')
    this.#startedAt = performance.now()
    this.#cpu = cpuOf(this.#pids)
  }

  end(): Seen {
    const cpu = cpuOf(this.#pids) - this.#cpu
    const ms = performance.now() - this.#startedAt
    return {
      cpuMicros: cpu,
      ms,
      cpu: cpu / 1_000 / ms,
      peakBytes: memory(this.#target.pid).peak,
      bytesIn: total(this.#clients, 'bytesIn') - this.#bytes,
      framesIn: total(this.#clients, 'framesIn') - this.#frames,
      own: this.#own.stop(),
    }
  }
}

function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMicros(pid), 0)
}

function total(clients: readonly Client[], field: 'bytesIn' | 'framesIn'): number {
  return clients.reduce((sum, client) => sum + client[field], 0)
}
