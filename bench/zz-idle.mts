import { startServer } from './servers/catalogue.ts'
import { runJob } from './run-job.ts'
for (const name of (process.argv[2] ?? 'roomful,limit-ws').split(',')) {
  const s = await startServer(
    name as 'roomful',
    process.env.PROF ? { nodeArgs: ['--cpu-prof', '--cpu-prof-dir=' + process.env.PROF] } : {},
  )
  const m = await runJob(s.target, {
    kind: 'idle',
    connections: Number(process.argv[3] ?? 2000),
    perRoom: 5,
    seconds: Number(process.argv[4] ?? 20),
  })
  console.log(
    name,
    'cpu/conn/s',
    m.costMicros.toFixed(2),
    'KiB/conn',
    ((m.extra['bytesPerConnection'] ?? 0) / 1024).toFixed(2),
    'open µs',
    m.extra['openMicros']?.toFixed(0),
    m.verified,
  )
  await s.stop()
}
