import { COMPACT_LIST_LUA } from './yredis-lua.ts'
import { redisScript, type RedisScript } from './redis-script.ts'

/**
 * Replaces the snapshot under its fence. Trims nothing: {@link TRIM_SCRIPT} does, later.
 *
 * `KEYS` meta, log, snapshot, y-redis's list. `ARGV` epoch, generation, basedOn, upTo, snapshot, its checksum, `1` where a
 * title follows, title, y-redis's channel (empty = its list is not kept), the channel of Roomful's own, number and token of
 * the last entry that was read (empty = not known). Answers `done`, or `fenced` with the reason and the present `upTo`.
 */
export const COMPACT_SCRIPT: RedisScript = redisScript(`
local meta = redis.call('HMGET', KEYS[1], 'e', 'g', 'n', 'u', 'bu', 'cu')
local upTo, present = tonumber(ARGV[4]), meta[4] or '0'
local function fenced(reason) return {'fenced', reason, present} end
if meta[1] ~= ARGV[1] then return fenced('the stored log is another one (epoch)') end
if meta[2] ~= ARGV[2] then return fenced('the room was deleted (generation)') end
if present ~= ARGV[3] then return fenced('another compaction came first') end
if upTo > tonumber(meta[3] or '0') then return fenced('it reaches beyond the last stored entry') end
if upTo < tonumber(present) then return fenced('it ends before the snapshot it replaces') end
if ARGV[12] ~= '' then
  local read = tonumber(meta[3] or '0') >= tonumber(ARGV[11])
  local found = read and redis.call('XRANGE', KEYS[2], ARGV[11] .. '-0', ARGV[11] .. '-0')[1]
  if not read or (found and found[2][12] ~= ARGV[12]) then return fenced('the stored log is another copy') end
end
local bytes, entry = meta[5] or '0', nil
if upTo > tonumber(present) then
  entry = redis.call('XRANGE', KEYS[2], ARGV[4] .. '-0', ARGV[4] .. '-0')[1]
  if not entry then return fenced('the last entry it holds is gone') end
  bytes = entry[2][10]
end
redis.call('SET', KEYS[3], ARGV[5])
redis.call('HSET', KEYS[1], 'u', ARGV[4], 'bu', bytes, 's', #ARGV[5], 'c', ARGV[6])
if ARGV[7] == '1' then redis.call('HSET', KEYS[1], 'title', ARGV[8]) else redis.call('HDEL', KEYS[1], 'title') end
if not meta[6] then
  local time = redis.call('TIME')
  redis.call('HSET', KEYS[1], 'cu', ARGV[4], 'ct', time[1])
end
${COMPACT_LIST_LUA}
return {'done'}
`)

/**
 * Drops entries that a snapshot has held for long enough: below every live reader, never the last one (by it a reader
 * tells this log from another), never the stream.
 *
 * `KEYS` meta, log, readers, writers. `ARGV` seconds a compaction is left alone, seconds without a sign of life after
 * which a reader is gone. By the clock of Redis. Answers the number of entries dropped.
 */
export const TRIM_SCRIPT: RedisScript = redisScript(`
local meta = redis.call('HMGET', KEYS[1], 'cu', 'ct', 'u', 'n')
if not meta[1] then return 0 end
local now = tonumber(redis.call('TIME')[1])
if now - tonumber(meta[2]) < tonumber(ARGV[1]) then return 0 end
local covered = tonumber(meta[1])
local limit = math.min(covered, tonumber(meta[4]) - 1)
local readers = redis.call('HGETALL', KEYS[3])
for i = 1, #readers, 2 do
  local at, seen = string.match(readers[i + 1], '^(%d+) (%d+)$')
  if now - tonumber(seen) > tonumber(ARGV[2]) then redis.call('HDEL', KEYS[3], readers[i])
  else limit = math.min(limit, tonumber(at) - 1) end
end
local dropped = 0
if limit > 0 then
  dropped = redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f-0', limit + 1))
  local writers = redis.call('HGETALL', KEYS[4])
  for i = 1, #writers, 2 do
    if tonumber(string.match(writers[i + 1], ' (%d+)$')) <= limit then redis.call('HDEL', KEYS[4], writers[i]) end
  end
end
if limit >= math.min(covered, tonumber(meta[4]) - 1) then
  if tonumber(meta[3]) > covered then redis.call('HSET', KEYS[1], 'cu', meta[3], 'ct', now)
  else redis.call('HDEL', KEYS[1], 'cu', 'ct') end
end
return dropped
`)

/**
 * Looks whether a room is still the log an instance has read, and registers how far it has.
 *
 * `KEYS` meta, log, readers. `ARGV` the last sequence number read, reader (empty = do not register). Answers nothing where
 * nothing is stored, else epoch, generation, last sequence number, token of the entry that was read last (empty where it is
 * gone), `1` where something may be trimmed.
 */
export const LOOK_SCRIPT: RedisScript = redisScript(`
local meta = redis.call('HMGET', KEYS[1], 'e', 'g', 'n', 'cu', 'k')
if not meta[1] then return {} end
local token = ''
if meta[3] == ARGV[1] and meta[5] then
  token = meta[5]
elseif ARGV[1] ~= '0' then
  local entry = redis.call('XRANGE', KEYS[2], ARGV[1] .. '-0', ARGV[1] .. '-0')[1]
  if entry then token = entry[2][12] end
end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[3], ARGV[2], ARGV[1] .. ' ' .. redis.call('TIME')[1])
end
return {meta[1], meta[2], meta[3] or '0', token, meta[4] and '1' or '0'}
`)

/**
 * Deletes a room: the next generation under a new epoch, with a tombstone.
 *
 * `KEYS` meta, log, snapshot, readers, writers, y-redis's list. `ARGV` format, new epoch, state vector, ms since 1970, channel.
 */
export const DELETE_SCRIPT: RedisScript = redisScript(`
local meta = redis.call('HMGET', KEYS[1], 'v', 'g', 'n', 'yi')
if meta[1] and tonumber(meta[1]) > tonumber(ARGV[1]) then return {'newer'} end
local generation, last = tonumber(meta[2] or '0'), meta[3] or '0'
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'e', ARGV[2], 'g', generation + 1, 'n', last, 'f', last, 'u', '0',
  'b', '0', 'bu', '0', 'k', '', 'tg', generation, 'ts', ARGV[3], 'tt', ARGV[4])
redis.call('HDEL', KEYS[1], 's', 'c', 'title', 'cu', 'ct')
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[6])
redis.call('HDEL', KEYS[1], 'ym', 'yz')
if meta[4] then redis.call('HSET', KEYS[1], 'yi', '0', 'ys', '0') end
redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f-0', tonumber(last) + 1))
redis.call('PERSIST', KEYS[1])
redis.call('PERSIST', KEYS[2])
redis.call('PUBLISH', ARGV[5], 'd ' .. ARGV[2] .. '\\n')
return {'done'}
`)

/**
 * Begins a new epoch where what is stored is not what an instance had read: another or an older copy. Positions of
 * before mean nothing from then on. Whoever comes first renews, the others take what they find. A generation that was
 * deleted already and came back is deleted again.
 *
 * `KEYS` meta, log, snapshot, y-redis's list. `ARGV` format, the epoch that was found (empty = nothing was stored), new epoch, generation, channel,
 * state vector, ms and generation of the tombstone (empty = none). Answers the epoch that holds now.
 */
export const RENEW_SCRIPT: RedisScript = redisScript(`
local meta = redis.call('HMGET', KEYS[1], 'v', 'e', 'g', 'n')
if meta[1] and tonumber(meta[1]) > tonumber(ARGV[1]) then return 'newer' end
if (meta[2] or '') ~= ARGV[2] then return meta[2] or '' end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'e', ARGV[3])
local last = meta[4]
if not meta[2] then
  local entry = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
  last = entry and string.match(entry[1], '^%d+') or '0'
  redis.call('HSET', KEYS[1], 'g', ARGV[4], 'n', last)
end
if tonumber(meta[3] or '0') < tonumber(ARGV[4]) then
  if meta[2] then
    redis.call('HSET', KEYS[1], 'g', ARGV[4], 'f', last, 'u', '0', 'b', '0', 'bu', '0', 'k', '')
    redis.call('HDEL', KEYS[1], 's', 'c', 'title', 'cu', 'ct')
    redis.call('DEL', KEYS[3], KEYS[4])
    redis.call('HDEL', KEYS[1], 'yi', 'ym', 'ys', 'yz')
    redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f-0', tonumber(last) + 1))
  end
  if ARGV[8] ~= '' then redis.call('HSET', KEYS[1], 'ts', ARGV[6], 'tt', ARGV[7], 'tg', ARGV[8]) end
end
redis.call('PUBLISH', ARGV[5], 'r ' .. ARGV[3] .. '\\n')
return ARGV[3]
`)
