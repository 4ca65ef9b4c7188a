import { redisScript, type RedisScript } from './redis-script.ts'

/**
 * Appends entries under a fence of epoch, generation and the last entry their writer has read, numbers them without holes,
 * and tells the other instances.
 *
 * In y-redis's layout the same entries go to its list, and its listeners are told the new length; `yredis-lua.ts` says what
 * the hash holds of it.
 *
 * `KEYS` meta, log, writers, list. `ARGV` format, epoch, generation, `1` where the room may be created, channel, author (its
 * writer, a dot, at which attempt), counter of the first entry, what is published behind the header (empty = only a doorbell), `live`, `auto` or `off`,
 * y-redis's channel, the channel that Roomful's own subscribers hold as well (empty = not known who listens), number and token of the last entry that was
 * read (empty = not known), then of each entry: update, instance, person, time.
 *
 * Answers `stored` with the last sequence number and the token in front of the first, `known` with the same of an earlier call
 * whose answer was lost and the token of its last entry (tokens empty where they are not known), `other` where the stored log is not the one of the fence, `newer` where a newer version wrote it.
 */
export const APPEND_SCRIPT: RedisScript = redisScript(`
local meta = redis.call('HMGET', KEYS[1], 'v', 'e', 'g', 'n', 'b', 'yi', 'yl', 'ym', 'ys', 'yo', 'k')
if meta[1] and tonumber(meta[1]) > tonumber(ARGV[1]) then return {'newer'} end
if meta[2] then
  if meta[2] ~= ARGV[2] or meta[3] ~= ARGV[3] then return {'other'} end
elseif ARGV[4] ~= '1' then
  return {'other'}
end
local author, counter = ARGV[6], tonumber(ARGV[7])
local writer = string.match(author, '^[^.]+')
local before = redis.call('HGET', KEYS[3], writer)
if before then
  local last, at = string.match(before, '^(%d+) (%d+)$')
  if tonumber(last) >= counter then
    local function tokenAt(number)
      local id = string.format('%.0f-0', number)
      local entry = redis.call('XRANGE', KEYS[2], id, id)[1]
      return entry and entry[2][12] or ''
    end
    local first = tonumber(at) - (#ARGV - 13) / 4 + 1
    return {'known', at, first > 1 and tokenAt(first - 1) or '', tokenAt(tonumber(at))}
  end
end
local previous, stood = meta[4] or '0', meta[11] or ''
if ARGV[13] ~= '' then
  if tonumber(previous) < tonumber(ARGV[12]) then return {'other'} end
  if previous == ARGV[12] and stood ~= '' and stood ~= ARGV[13] then return {'other'} end
end
local sequence, bytes, token = tonumber(previous), tonumber(meta[5] or '0'), ''
local step, mirrors, rings = meta[9], ARGV[9] == 'live', ARGV[9] ~= 'off'
if rings and ARGV[11] ~= '' then
  local held = redis.call('PUBSUB', 'NUMSUB', ARGV[10], ARGV[11])
  rings = held[2] > held[4]
end
if ARGV[9] == 'auto' then mirrors = rings and (step == '1' or previous == '0') end
local length, imported, offset = 0, 0, 0
if mirrors then
  length, imported, offset = redis.call('LLEN', KEYS[4]), tonumber(meta[6] or '0'), tonumber(meta[10] or '0')
  if previous == '0' then step = '1' end
  if length < imported then
    imported, step, meta[8] = 0, '0', false
    redis.call('HDEL', KEYS[1], 'ym', 'yz')
  end
elseif step == '1' then
  redis.call('HSET', KEYS[1], 'ys', '0')
end
local isInStep, after = imported == length, length
for i = 14, #ARGV, 4 do
  sequence = sequence + 1
  bytes = bytes + #ARGV[i]
  token = author .. ':' .. string.format('%.0f', counter)
  local id = string.format('%.0f-0', sequence)
  if mirrors then
    after = redis.call('RPUSH', KEYS[4], ARGV[i])
    redis.call('XADD', KEYS[2], id, 'u', ARGV[i], 'o', ARGV[i + 1], 'w', ARGV[i + 2], 't', ARGV[i + 3],
      'b', string.format('%.0f', bytes), 'k', token,
      'y', string.format('%.0f', offset + (isInStep and after or imported)))
  else
    redis.call('XADD', KEYS[2], id, 'u', ARGV[i], 'o', ARGV[i + 1], 'w', ARGV[i + 2], 't', ARGV[i + 3],
      'b', string.format('%.0f', bytes), 'k', token)
  end
  counter = counter + 1
end
local last = string.format('%.0f', sequence)
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'e', ARGV[2], 'g', ARGV[3], 'n', last,
  'b', string.format('%.0f', bytes), 'k', token)
redis.call('HSET', KEYS[3], writer, string.format('%.0f', counter - 1) .. ' ' .. last)
local header = {'e', ARGV[2], previous, last, author, ARGV[7], '-', stood}
if mirrors then
  if isInStep then
    imported = after
  else
    local ranges, from = meta[8] or '', tostring(length)
    local rest, start = string.match(ranges, '^(.-)(%d+)%-' .. from .. ' $')
    if start then ranges, from = rest, start end
    redis.call('HSET', KEYS[1], 'ym', ranges .. from .. '-' .. after .. ' ')
  end
  redis.call('HSET', KEYS[1], 'yi', imported, 'yl', math.max(after, tonumber(meta[7] or '0')), 'ys', step or '0')
  header[7] = string.format('%.0f', imported)
end
redis.call('PUBLISH', ARGV[5], table.concat(header, ' ') .. '\\n' .. ARGV[8])
if mirrors and rings then redis.call('PUBLISH', ARGV[10], after) end
return {'stored', last, stood}
`)
