import { Histogram } from './histogram.ts'

/** Whether the generator itself kept up. */
export interface OwnLoad {
  /** Of one core. */
  readonly cpu: number
  readonly delayP99Ms: number
}

/** Above this a run says something about the generator, not about the server. */
export const MAX_OWN_CPU = 0.9
export const MAX_OWN_DELAY_MS = 10

const EVERY_MS = 2

/** Watches the own event loop: how late a timer of two ms is, and how busy the process. */
export class OwnLoadWatch {
  readonly #delays = new Histogram()
  readonly #startedAt = performance.now()
  readonly #cpu = process.cpuUsage()
  readonly #timer: NodeJS.Timeout

  constructor() {
    let expected = performance.now() + EVERY_MS
    this.#timer = setInterval(() => {
      const now = performance.now()
      this.#delays.add(Math.max(0, now - expected))
      expected = now + EVERY_MS
    }, EVERY_MS)
  }

  stop(): OwnLoad {
    clearInterval(this.#timer)
    const { user, system } = process.cpuUsage(this.#cpu)
    return {
      cpu: (user + system) / 1_000 / (performance.now() - this.#startedAt),
      delayP99Ms: this.#delays.percentile(0.99),
    }
  }
}

/** Why a run is void, if it is. */
export function voidReason({ cpu, delayP99Ms }: OwnLoad): string | undefined {
  if (cpu > MAX_OWN_CPU) return `generator at ${Math.round(cpu * 100)} % of a core`
  if (delayP99Ms > MAX_OWN_DELAY_MS) return `generator late by ${delayP99Ms.toFixed(0)} ms (p99)`
  return undefined
}
