import { createHash } from 'node:crypto'
import type { RedisArg, RedisCall } from './redis-commands.ts'

/** A Lua script, called by its hash and sent whole only where the server does not know it. */
export interface RedisScript {
  readonly lua: string
  readonly sha: string
}

export function redisScript(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}

/** One call of a script, to be pipelined with others. */
export function callScript(
  script: RedisScript,
  keys: readonly string[],
  args: readonly RedisArg[],
): RedisCall {
  return { command: 'EVALSHA', args: [script.sha, keys.length, ...keys, ...args], script }
}
