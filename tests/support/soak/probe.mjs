// @ts-nocheck: it puts itself before the globals of another process
// Loaded into a server under soak with --import, before anything else: answers SIGWINCH (which ends
// nothing; SIGUSR1 and SIGUSR2 are taken) with a line on standard error that
// says what the process holds after a forced collection (--expose-gc).
import { Server } from 'node:net'

/** Timers of any kind that have neither run nor been stopped: `getActiveResourcesInfo` leaves out those that are unref'd. */
const timers = new Set()

for (const [start, stop, repeats] of [
  ['setTimeout', 'clearTimeout', false],
  ['setInterval', 'clearInterval', true],
]) {
  const [set, clear] = [globalThis[start], globalThis[stop]]
  globalThis[start] = Object.assign((run, ...rest) => {
    const timer = set(
      (...values) => {
        if (!repeats) timers.delete(timer)
        run(...values)
      },
      ...rest,
    )
    timers.add(timer)
    return timer
  }, set)
  globalThis[stop] = (timer) => {
    timers.delete(timer)
    clear(timer)
  }
}

/** @param {import('node:events').EventEmitter} emitter */
const listeners = (emitter) =>
  emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0)

process.on('SIGWINCH', () => {
  // twice: what the first run finalizes may be all that kept something else
  for (let run = 0; run < 2; run++) globalThis.gc()
  const { rss, heapUsed, external } = process.memoryUsage()
  const servers = process._getActiveHandles().filter((handle) => handle instanceof Server)
  const held = {
    rss,
    heapUsed,
    external,
    handles: process.getActiveResourcesInfo().filter((kind) => !/Timeout|Immediate/.test(kind)).length,
    timers: timers.size,
    listeners: [process, ...servers].reduce((sum, emitter) => sum + listeners(emitter), 0),
  }
  process.stderr.write(`${JSON.stringify({ held })}\n`)
})

// what the test of the harness plants: memory, timers and listeners that nobody lets go of
if (process.env.SOAK_LEAK === '1') {
  const kept = []
  setInterval(() => {
    kept.push(Buffer.alloc(100_000, 1))
    setTimeout(() => undefined, 1e8)
    process.on('exit', () => kept.length)
  }, 50).unref()
  process.setMaxListeners(0)
}
