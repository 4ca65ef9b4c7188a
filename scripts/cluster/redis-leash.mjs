// Runs a Redis for scripts/cluster/private-redis.mjs, and ends it together with its folder when the one who asked for it is
// gone, killed included: redis-server itself would stay behind for good.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const [folder = '', command = '', ...args] = process.argv.slice(2)
const redis = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
const forget = (/** @type {number | null} */ code) => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(code ?? 1)
}
redis.once('error', () => forget(1))
redis.once('close', forget)
process.once('disconnect', () => redis.kill('SIGTERM'))
