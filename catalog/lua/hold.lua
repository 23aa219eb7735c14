-- HOLD: pass the gate of one inventory, under a token that expires by itself.
-- KEYS[1] inv:{id}   ARGV token, units, lifetime in ms
-- returns {code, effective}: -1 cold (no base known), 0 too few left, 1 held now, 2 held already under this token
-- What cannot be read, since somebody else wrote it, is no base and no token.
local base = tonumber(redis.call('HGET', KEYS[1], 'base') or '')
if not base then return {-1, 0} end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local mine = 't:' .. ARGV[1]
local known, in_flight = false, 0
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 't:' then
    local units, deadline = string.match(fields[i + 1], '(%d+)|(%d+)')
    if not deadline or tonumber(deadline) <= now then
      redis.call('HDEL', KEYS[1], fields[i])
    else
      in_flight = in_flight + tonumber(units)
      known = known or fields[i] == mine
    end
  end
end

local effective = base - in_flight
if known then return {2, effective} end
if effective < tonumber(ARGV[2]) then return {0, effective} end
redis.call('HSET', KEYS[1], mine, ARGV[2] .. '|' .. string.format('%d', now + tonumber(ARGV[3])))
return {1, effective - tonumber(ARGV[2])}
