import { createRedisLog, type YRedisMode } from '@roomful/server'
import { LogProbe, roomNamed } from '../server/src/log/contract-probe.ts'
import { RedisServer } from '../tests/support/redis-server.ts'

// What keeping y-redis's list costs: CPU of Redis and time per append, `live` and `auto` beside `off`, in one run.
// npx tsx --conditions=@roomful/source bench/yredis-mirror.ts

const ROUNDS = 7
const APPENDS = 5_000
/** Appends of one turn: a batch. */
const TOGETHER = 5
const UPDATE = new Uint8Array(30).fill(7)

const redis = await RedisServer.start({ appendfsync: 'everysec' })
let rounds = 0

async function cpuSeconds(): Promise<number> {
  const info = await redis.admin.info('cpu')
  const seconds = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1])
  return seconds('used_cpu_user') + seconds('used_cpu_sys')
}

async function measure(yredis: YRedisMode): Promise<{ cpu: number; ms: number }> {
  rounds += 1
  const log = await createRedisLog({ url: redis.url, prefix: `bench${rounds}:`, yredis })
  const room = await log.open(roomNamed('lobby'), new LogProbe())
  const [cpu, start] = [await cpuSeconds(), performance.now()]
  for (let done = 0; done < APPENDS; done += TOGETHER) {
    const batch = Array.from({ length: TOGETHER }, () => room.append(UPDATE, { instanceId: 'bench', at: 0 }))
    await Promise.all(batch)
  }
  const result = { cpu: (await cpuSeconds()) - cpu, ms: performance.now() - start }
  await log.close()
  return result
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const modes: YRedisMode[] = ['off', 'live', 'auto']
const results = new Map(modes.map((mode) => [mode, { cpu: [] as number[], ms: [] as number[] }]))
for (const mode of modes) await measure(mode)
for (let round = 0; round < ROUNDS; round += 1) {
  for (const mode of modes) {
    const { cpu, ms } = await measure(mode)
    results.get(mode)?.cpu.push(cpu)
    results.get(mode)?.ms.push(ms)
  }
}
const off = results.get('off') ?? { cpu: [], ms: [] }
for (const [mode, { cpu, ms }] of results) {
  const perAppend = (median(cpu) * 1e6) / APPENDS
  console.log(
    `${mode}: Redis CPU ${perAppend.toFixed(1)} µs per append (${(median(cpu) / median(off.cpu)).toFixed(2)} x off), ` +
      `${((median(ms) * 1_000) / APPENDS).toFixed(1)} µs (${(median(ms) / median(off.ms)).toFixed(2)} x off)`,
  )
}
await redis.stop()
