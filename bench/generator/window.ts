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
  readonly #cpu: number

  constructor(target: Target, clients: readonly Client[]) {
    this.#target = target
    this.#clients = clients
    resetPeak(target.pid)
    this.#bytes = total(clients, 'bytesIn')
    this.#frames = total(clients, 'framesIn')
    this.#startedAt = performance.now()
    this.#cpu = cpuMicros(target.pid)
  }

  end(): Seen {
    const cpu = cpuMicros(this.#target.pid) - this.#cpu
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

function total(clients: readonly Client[], field: 'bytesIn' | 'framesIn'): number {
  return clients.reduce((sum, client) => sum + client[field], 0)
}
