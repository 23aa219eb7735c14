-- GCRA over several keys at once: all of them let the request pass and count it, or none counts it.
-- One script and not one call per key: whoever is over one limit must not use up the other, and a caller waits for one
-- round trip. The keys of a class share a hash tag, so that a cluster keeps them in one slot.
-- KEYS: one per limited party.  ARGV: interval in microseconds, burst.
-- Returns {allowed, remaining, wait_us, reset_us} of the tightest key. TIME is the server's: callers' clocks differ.
-- A call of Redis costs most here, so there is one read for all keys. Redis writes a number as it is, up to 17 digits.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local interval, room = tonumber(ARGV[1]), ARGV[1] * ARGV[2]
local known, latest = redis.call('MGET', unpack(KEYS)), now
local due = {}
for i = 1, #KEYS do
  local tat = math.max(tonumber(known[i] or now), now)
  due[i] = tat + interval
  latest = math.max(latest, tat)
end
local reset = latest - now + interval
if reset > room then
  return {0, 0, reset - room, reset - interval}
end
for i = 1, #KEYS do
  redis.call('SET', KEYS[i], due[i], 'PX', math.ceil((due[i] - now) / 1000))
end
return {1, math.floor((room - reset) / interval), 0, reset}
