import type { InstancesJob } from '../generator/jobs/instances.ts'
import type { Measured } from '../generator/measured.ts'
import { runJob } from '../run-job.ts'
import { startServer, type ServerName, type ServerOptions } from '../servers/catalogue.ts'
import { startRedis } from '../servers/redis.ts'
import type { RunningServer } from '../servers/running.ts'
import type { Case, Scenario } from './scenario.ts'

type Load = Pick<InstancesJob, 'what' | 'each' | 'hz' | 'seconds' | 'warmSeconds' | 'warmHz'>

export const instances: Scenario = {
  name: 'instances',
  title: 'Two instances on one Redis: one types 20 keystrokes a second, or everybody moves',
  cost: 'message sent',
  yardstick: 'y-redis',
  targets: ['P9'],
  note: 'Where one types, servers are warm: 1,500 keystrokes at 100 a second went before. Half of those who look on are at the writer’s instance, half at the other: latency is to the other one, near to their own. CPU is that of both instances and of Redis (append-only file, synced each second), RSS that of the writer’s instance. y-redis is @y/websocket-server with y-redis for persistence, which shares no presence; Hocuspocus has its Redis extension. Only Roomful tells a writer what is stored. limit-redis puts opaque updates into a stream and a channel and forwards them: no document, no check, nobody who joins is told anything.',
  extra: [
    { key: 'nearP50Ms', title: 'near p50, ms', digits: 1 },
    { key: 'nearP99Ms', title: 'near p99, ms', digits: 1 },
  ],
  cases: ({ isQuick, seconds }) => [
    instancesCase('1 writer, 5 + 5 readers', ['roomful', 'y-redis', 'hocuspocus', 'limit-redis'], {
      what: 'typing',
      each: 5,
      hz: 20,
      seconds: isQuick ? seconds : 5 * seconds,
      // at one keystroke in 50 ms it would take minutes until what a server runs is compiled
      warmSeconds: isQuick ? 1 : 15,
      warmHz: 100,
    }),
    instancesCase('20 + 20 people move', ['roomful', 'hocuspocus'], {
      what: 'cursors',
      each: isQuick ? 5 : 20,
      hz: 12.5,
      seconds,
      warmSeconds: 0,
      warmHz: 0,
    }),
    {
      // P2 over two instances: three processes and the load on two cores
      ...instancesCase('300 + 300 people move', ['roomful'], {
        what: 'cursors',
        each: 300,
        hz: 12.5,
        seconds,
        warmSeconds: 0,
        warmHz: 0,
      }),
      isOnDemand: true,
    },
  ],
}

function instancesCase(label: string, servers: readonly ServerName[], load: Load): Case {
  return { label, servers, isKey: true, run: (name, options) => onTwo(name, options, load) }
}

async function onTwo(name: ServerName, options: ServerOptions, load: Load): Promise<Measured> {
  const redis = await startRedis()
  const env = { ...options.env, REDIS_URL: redis.url, REDIS_PORT: String(redis.target.port) }
  const running: RunningServer[] = [redis]
  try {
    const first = await startServer(name, { ...options, env })
    running.push(first)
    const second = await startServer(name, { ...options, env })
    running.push(second)
    return await runJob(first.target, {
      ...load,
      kind: 'instances',
      other: second.target,
      redisPid: redis.target.pid,
    })
  } finally {
    for (const each of running.reverse()) await each.stop()
  }
}
