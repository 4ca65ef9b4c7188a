import { redisScript, type RedisScript } from './redis-script.ts'

/**
 * Beyond the bound the oldest becomes one for everybody, whose key is `/`: nobody is let back in. What that one speaks for as
 * well is dropped, as every instance drops it.
 */
const BOUND = `
local function subsume()
  local all = redis.call('ZSCORE', KEYS[1], '/')
  if not all then return end
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', all)
  redis.call('ZADD', KEYS[1], all, '/')
end
local function bound(told, max)
  subsume()
  while redis.call('ZCARD', KEYS[1]) > max do
    local low = redis.call('ZRANGE', KEYS[1], 0, 1, 'WITHSCORES')
    local first = low[1] == '/' and 3 or 1
    redis.call('ZADD', KEYS[1], low[first + 1], '/')
    subsume()
    told[#told + 1] = '/'
    told[#told + 1] = low[first + 1]
  end
end
`

/**
 * KEYS: the set. ARGV: what is revoked, how many may be told apart, the channel. The moment is now by the clock of Redis, and
 * later than all others. Answers and tells keys and moments in turn.
 */
export const REVOKE_SCRIPT: RedisScript = redisScript(`${BOUND}
local time = redis.call('TIME')
local at = time[1] * 1000 + math.floor(time[2] / 1000)
local newest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if newest[2] and tonumber(newest[2]) >= at then at = tonumber(newest[2]) + 1 end
at = string.format('%.0f', at)
redis.call('ZADD', KEYS[1], at, ARGV[1])
local told = {ARGV[1], at}
bound(told, tonumber(ARGV[2]))
redis.call('PUBLISH', ARGV[3], cjson.encode(told))
return told
`)

/** KEYS: the set. ARGV: how many may be told apart, the channel, then keys and moments in turn: what the set lacks. */
export const MERGE_REVOCATIONS_SCRIPT: RedisScript = redisScript(`${BOUND}
local told = {}
for i = 3, #ARGV, 2 do
  redis.call('ZADD', KEYS[1], 'GT', ARGV[i + 1], ARGV[i])
  told[#told + 1] = ARGV[i]
  told[#told + 1] = ARGV[i + 1]
end
bound(told, tonumber(ARGV[1]))
redis.call('PUBLISH', ARGV[2], cjson.encode(told))
return 1
`)
