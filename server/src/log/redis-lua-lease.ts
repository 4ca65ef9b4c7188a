import { redisScript, type RedisScript } from './redis-script.ts'

/**
 * Renews the lease of an instance, by the clock of Redis, and tells who else has one.
 *
 * `KEYS` a sorted set, instance → ms of its last sign of life. `ARGV` instance, ms after which nobody remembers one. Answers
 * ms since the own last sign (-1 = none), then of each other instance its name and the same.
 */
export const LEASE_SCRIPT: RedisScript = redisScript(`
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local before = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
local found = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local answer = {before and string.format('%.0f', now - tonumber(before)) or '-1'}
for i = 1, #found, 2 do
  if found[i] ~= ARGV[1] then
    answer[#answer + 1] = found[i]
    answer[#answer + 1] = string.format('%.0f', now - tonumber(found[i + 1]))
  end
end
return answer
`)
