import { EXACT_MEMORY } from '../exact-memory.ts'
import { Random } from '../random.ts'
import { readMetric, startServerProcess, type ServerProcess } from '../test-server.ts'
import { idleFor, waitFor } from '../wait.ts'
import { PROBE_ARGS, readHeld, type Held, type Sample } from './held.ts'
import { SoakLoad } from './load.ts'

/** Of the warm-up: then it comes to rest. */
const HURRIED = 0.75
/** Fewer say nothing about growth. */
const MIN_SAMPLES = 3

/** How long, and what to leave out of the judgement. */
export interface SoakPlan {
  readonly lengthMs: number
  /** A young process finds its size: samples before are left out, and the load hurries for three quarters of it. */
  readonly warmUpMs: number
  readonly sampleMs: number
  readonly seed: number
  /** So long it is waited for what ends by itself; default: three minutes. */
  readonly patienceMs?: number
  /** Plants a leak, to see whether it is seen. */
  readonly leaks?: boolean
}

/** What was seen. */
export interface Soaked {
  readonly samples: readonly Sample[]
  /** The JavaScript heap and what hangs on it, after a forced collection: what the program itself holds. */
  readonly heap: readonly Sample[]
  /** Before anybody came, and after everybody had gone. */
  readonly before: Held
  readonly after: Held
  readonly counts: SoakLoad['counts']
}

/** Mixed load on a server process of its own, looked at from time to time. */
export async function soak(plan: SoakPlan): Promise<Soaked> {
  const server = await startServerProcess({
    nodeArgs: PROBE_ARGS,
    env: {
      ...EXACT_MEMORY,
      // rooms that are left are let go of soon
      LIMIT_UNLOAD_MS: '1000',
      LOG_LEVEL: 'error',
      SOAK_LEAK: plan.leaks === true ? '1' : '',
    },
  })
  try {
    // what is made at the first request stays: the routes, the metrics' own state
    await readMetric(server.url, 'roomful_rooms')
    await settled(server, plan.patienceMs ?? SETTLE_MS)
    const before = await readHeld(server)
    const load = SoakLoad.start(server.wsUrl, new Random(plan.seed), plan.warmUpMs * HURRIED)
    const samples: Sample[] = []
    const heap: Sample[] = []
    const startedAt = Date.now()
    // a slow machine takes longer to give as many looks
    while (Date.now() - startedAt < plan.lengthMs || samples.length < MIN_SAMPLES) {
      await idleFor(plan.sampleMs)
      const { rss, heapUsed, external } = await readHeld(server)
      const atMs = Date.now() - startedAt
      if (atMs < plan.warmUpMs) continue
      samples.push({ atMs, bytes: rss })
      heap.push({ atMs, bytes: heapUsed + external })
    }
    await load.stop()
    await settled(server, plan.patienceMs ?? SETTLE_MS, before)
    return { samples, heap, before, after: await readHeld(server), counts: load.counts }
  } finally {
    await server.kill('SIGKILL')
  }
}

/** A reading thread ends after a minute without work, fetch keeps its connection for a few seconds. */
const SETTLE_MS = 180_000

/** Nobody is connected, no room is open, and what ends by itself has ended: no more is left than `before`, if it can be. */
async function settled(server: ServerProcess, patienceMs: number, before?: Held): Promise<void> {
  await waitFor('everybody to be gone and all rooms to be closed', async () => {
    const [sockets, rooms] = [
      await readMetric(server.url, 'roomful_connections'),
      await readMetric(server.url, 'roomful_rooms'),
    ]
    return sockets === 0 && rooms === 0
  })
  const giveUpAt = Date.now() + patienceMs
  let last: Held | undefined
  for (; Date.now() < giveUpAt; await idleFor(1_000)) {
    const held = await readHeld(server)
    const isStill = held.handles === last?.handles && held.timers === last.timers
    if (isStill && (before === undefined || (held.handles <= before.handles && held.timers <= before.timers)))
      return
    last = held
  }
}
