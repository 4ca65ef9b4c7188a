import { redisScript, type RedisScript } from './redis-script.ts'

/**
 * What a room's meta hash holds of y-redis's list: `yi` so many entries from its start are in the log, `yl` the length
 * that was published, `ym` ranges behind `yi` that came from the log (`from-to `, repeated), `ys` `1` where the list holds all
 * that the log does, `yo` entries that were cut off its start so far, `yz` so many from its start were emptied, `yf` when
 * a process with y-redis was last seen (seconds by the clock of Redis).
 */

/** Of Yjs: no structs, no deletes. It keeps the place of an entry in a list whose indexes must not move. */
export const NO_OP: Buffer = Buffer.from([0, 0])

/**
 * Looks at a room's list, and rings for those who missed it.
 *
 * `KEYS` meta, list. `ARGV` y-redis's channel, the channel that Roomful's own subscribers hold as well (empty = not known
 * who listens: somebody does), `1` to ring.
 * Answers epoch (empty = nothing is stored), last sequence number, entries in the log (empty = never looked at), length,
 * published length, `1` where in step, foreign subscribers, entries cut off so far.
 */
export const YREDIS_LOOK_SCRIPT: RedisScript = redisScript(`
local meta = redis.call('HMGET', KEYS[1], 'e', 'n', 'yi', 'yl', 'ys', 'yf', 'yo')
local length = redis.call('LLEN', KEYS[2])
local held = redis.call('PUBSUB', 'NUMSUB', ARGV[1], ARGV[2])
local foreign = ARGV[2] == '' and 1 or held[2] - held[4]
local imported, step = meta[3], meta[5] or '0'
if imported and length < tonumber(imported) then
  imported, step = '0', '0'
  redis.call('HSET', KEYS[1], 'yi', '0', 'ys', '0')
  redis.call('HDEL', KEYS[1], 'ym', 'yz')
end
if foreign > 0 then
  local now = tonumber(redis.call('TIME')[1])
  if ARGV[2] ~= '' and meta[1] and now - tonumber(meta[6] or '0') > 10 then redis.call('HSET', KEYS[1], 'yf', now) end
  if ARGV[3] == '1' and length > 0 then redis.call('PUBLISH', ARGV[1], length) end
end
return {meta[1] or '', meta[2] or '0', imported or '', length, meta[4] or '0', step, foreign, meta[7] or '0'}
`)

/**
 * Takes entries of the list into the log: at most once, whichever instance comes first. What was refused is emptied in its
 * place.
 *
 * `KEYS` meta, log, list. `ARGV` format, epoch, generation, `1` where the room may be created, channel, writer, counter of the
 * first entry, entries in the log as they were found (empty = never looked at), entries in the log afterwards, what is
 * published behind the header, writer and time of the entries, how many are refused, their indexes, then index and update
 * of each entry.
 *
 * Answers `stored` with the last sequence number, `moved` where the list is no longer what was read, `other`, `newer`.
 */
export const YREDIS_IMPORT_SCRIPT: RedisScript = redisScript(`
local meta = redis.call('HMGET', KEYS[1], 'v', 'e', 'g', 'n', 'b', 'yi', 'ym', 'yo', 'yl', 'k')
if meta[1] and tonumber(meta[1]) > tonumber(ARGV[1]) then return {'newer'} end
local length, to = redis.call('LLEN', KEYS[3]), tonumber(ARGV[9])
if (meta[6] or '') ~= ARGV[8] or length < to then return {'moved'} end
if meta[2] then
  if meta[2] ~= ARGV[2] or meta[3] ~= ARGV[3] then return {'other'} end
elseif ARGV[4] ~= '1' then
  return {'other'}
end
local entries = 14 + tonumber(ARGV[13])
for i = 14, entries - 1 do redis.call('LSET', KEYS[3], ARGV[i], '\\0\\0') end
local mirrored, rest = {}, ''
for from, behind in string.gmatch(meta[7] or '', '(%d+)-(%d+) ') do
  mirrored[#mirrored + 1] = {tonumber(from), tonumber(behind)}
  if tonumber(behind) > to then rest = rest .. from .. '-' .. behind .. ' ' end
end
local function isMirrored(index)
  for _, range in ipairs(mirrored) do if index >= range[1] and index < range[2] then return true end end
  return false
end
local previous, offset = meta[4] or '0', tonumber(meta[8] or '0')
local sequence, bytes, counter, token = tonumber(previous), tonumber(meta[5] or '0'), tonumber(ARGV[7]), ''
local isWhole = true
for i = entries, #ARGV, 2 do
  local index, update = tonumber(ARGV[i]), ARGV[i + 1]
  if isMirrored(index) then
    isWhole = false
  else
    sequence = sequence + 1
    bytes = bytes + #update
    token = ARGV[6] .. ':' .. string.format('%.0f', counter)
    redis.call('XADD', KEYS[2], string.format('%.0f-0', sequence), 'u', update, 'o', ARGV[11], 'w', '', 't', ARGV[12],
      'b', string.format('%.0f', bytes), 'k', token, 'y', string.format('%.0f', offset + index + 1))
    counter = counter + 1
  end
end
local last = string.format('%.0f', sequence)
redis.call('HSET', KEYS[1], 'yi', ARGV[9])
if previous == '0' then redis.call('HSET', KEYS[1], 'ys', '1') end
if to > tonumber(meta[9] or '0') then redis.call('HSET', KEYS[1], 'yl', ARGV[9]) end
if rest == '' then redis.call('HDEL', KEYS[1], 'ym') else redis.call('HSET', KEYS[1], 'ym', rest) end
if last ~= previous then
  redis.call('HSET', KEYS[1], 'v', ARGV[1], 'e', ARGV[2], 'g', ARGV[3], 'n', last,
    'b', string.format('%.0f', bytes), 'k', token)
  redis.call('PUBLISH', ARGV[5], table.concat({'e', ARGV[2], previous, last, ARGV[6], ARGV[7], ARGV[9], meta[10] or ''}, ' ') .. '\\n'
    .. (isWhole and ARGV[10] or ''))
end
return {'stored', last}
`)

/**
 * Brings a list that is shorter than what was published, or that lacks what the log holds, back in step: filled up to the
 * length that listeners know, then one entry with everything, then what was stored behind it.
 *
 * `KEYS` meta, log, list. `ARGV` epoch, generation, length as it was found (all of it in the log), length that listeners may
 * know, last sequence number that `everything` holds, everything, y-redis's channel. Answers `done` with the new length, or
 * `moved`.
 */
export const YREDIS_HEAL_SCRIPT: RedisScript = redisScript(`
local meta = redis.call('HMGET', KEYS[1], 'e', 'g', 'yi', 'yl')
local length = redis.call('LLEN', KEYS[3])
if meta[1] ~= ARGV[1] or meta[2] ~= ARGV[2] then return {'moved'} end
if length ~= tonumber(ARGV[3]) or tonumber(meta[3] or '0') ~= length then return {'moved'} end
local known = math.max(tonumber(meta[4] or '0'), tonumber(ARGV[4]))
for i = length + 1, known do redis.call('RPUSH', KEYS[3], '\\0\\0') end
redis.call('RPUSH', KEYS[3], ARGV[6])
local behind = redis.call('XRANGE', KEYS[2], string.format('%.0f-0', tonumber(ARGV[5]) + 1), '+')
for _, entry in ipairs(behind) do redis.call('RPUSH', KEYS[3], entry[2][2]) end
length = redis.call('LLEN', KEYS[3])
redis.call('HSET', KEYS[1], 'yi', length, 'yl', length, 'ys', '1')
redis.call('HDEL', KEYS[1], 'ym')
redis.call('PUBLISH', ARGV[7], length)
return {'done', length}
`)

/**
 * Frees a list that this version filled and that holds nothing the log lacks.
 *
 * `KEYS` meta, list. Answers `freed`, `kept` where a process with y-redis has written since, `none` where there is nothing of
 * ours.
 */
export const YREDIS_FREE_SCRIPT: RedisScript = redisScript(`
local list = redis.call('HMGET', KEYS[1], 'yi', 'yo')
if not list[1] then return 'none' end
local imported = tonumber(list[1])
if redis.call('LLEN', KEYS[2]) > imported then return 'kept' end
redis.call('DEL', KEYS[2])
redis.call('HDEL', KEYS[1], 'yi', 'yl', 'ym', 'ys', 'yz', 'yf')
redis.call('HSET', KEYS[1], 'yo', tonumber(list[2] or '0') + imported)
return 'freed'
`)

/** So long after a process with y-redis was seen its list keeps its length: it may only be reconnecting. */
const ABSENT_S = 60

/**
 * The part of a compaction that is the list's, behind the log's own fence: `entry` is the last one the snapshot holds.
 * While a process with y-redis listens (or did within a minute) no index moves: one snapshot, then no-ops. Else what the
 * snapshot holds becomes one entry.
 *
 * Uses of the script around it: `KEYS[4]` list, `ARGV[5]` snapshot, `ARGV[9]` y-redis's channel (empty = not kept),
 * `ARGV[10]` the channel of Roomful's own (empty = not known who listens).
 */
export const COMPACT_LIST_LUA: string = `
if ARGV[9] ~= '' and entry and entry[2][13] == 'y' then
  local list = redis.call('HMGET', KEYS[1], 'yo', 'yi', 'yz', 'ym', 'yf')
  local offset, imported = tonumber(list[1] or '0'), tonumber(list[2] or '0')
  local covered, length = tonumber(entry[2][14]) - offset, redis.call('LLEN', KEYS[4])
  if covered > 1 and covered <= imported and imported <= length then
    local held = redis.call('PUBSUB', 'NUMSUB', ARGV[9], ARGV[10])
    local seen = tonumber(redis.call('TIME')[1]) - tonumber(list[5] or '0')
    if ARGV[10] == '' or held[2] > held[4] or seen < ${ABSENT_S} or list[4] then
      redis.call('LSET', KEYS[4], 0, ARGV[5])
      for i = math.max(1, tonumber(list[3] or '1')), covered - 1 do redis.call('LSET', KEYS[4], i, '\\0\\0') end
      redis.call('HSET', KEYS[1], 'yz', covered)
    else
      redis.call('LTRIM', KEYS[4], covered - 1, -1)
      redis.call('LSET', KEYS[4], 0, ARGV[5])
      local cut = covered - 1
      redis.call('HSET', KEYS[1], 'yo', offset + cut, 'yi', imported - cut, 'yl', length - cut)
      redis.call('HDEL', KEYS[1], 'yz')
    end
  end
end
`
