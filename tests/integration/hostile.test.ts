import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { HOSTILE_KINDS, type HostileKind } from '../support/hostile/kinds.ts'
import { besiege } from '../support/hostile/siege.ts'
import { readMetric, startServerProcess, type ServerProcess } from '../support/test-server.ts'

const SEED = 7
/** Kinds that attack one room one after the other; tests/long/hostile.test.ts gives each a room and 200 mutations. */
const TOGETHER = 12

/** Seconds on a free machine. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess({ env: { DATA_DIR: ':memory:', LOG_LEVEL: 'error' } })
})
afterAll(() => server.kill('SIGKILL'))

const groups: (readonly HostileKind[])[] = [HOSTILE_KINDS.filter(({ isKept }) => isKept)]
const others = HOSTILE_KINDS.filter(({ isKept }) => !isKept)
for (let from = 0; from < others.length; from += TOGETHER) groups.push(others.slice(from, from + TOGETHER))

test.each(groups.map((kinds, index) => ({ kinds, index, names: kinds.map(({ name }) => name).join(', ') })))(
  '[I3] [I5] [W4] touches nobody but its sender: $names',
  async ({ kinds, index }) => {
    const { ends, longestMs } = await besiege(server, kinds, 1, SEED + index)
    expect([...ends.values()].reduce((sum, count) => sum + count, 0)).toBe(kinds.length)
    expect(await readMetric(server.url, 'roomful_callback_errors_total')).toBe(0)
    // wall time on a busy machine says only that it never stood still: bench/hostile.ts measures turns
    expect(longestMs).toBeLessThan(15_000)
  },
)

test('there are at least 40 hostile kinds, each with its own name', () => {
  expect(new Set(HOSTILE_KINDS.map(({ name }) => name)).size).toBe(HOSTILE_KINDS.length)
  expect(HOSTILE_KINDS.length).toBeGreaterThanOrEqual(40)
})
