-- GCRA over several keys at once: all of them let the request pass and count it, or none counts it.
-- One script and not one call per key: whoever is over one limit must not use up the other, and a caller waits for one
-- round trip. The keys of a class share a hash tag, so that a cluster keeps them in one slot.
-- KEYS: one per limited party.  ARGV: interval in microseconds, burst.
-- Returns {allowed, remaining, wait_us, reset_us} of the tightest key. TIME is the server's: callers' clocks differ.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local next, wait, reset = {}, 0, 0
for i, key in ipairs(KEYS) do
  local tat = math.max(tonumber(redis.call('GET', key) or 0), now)
  next[i] = tat + interval
  wait = math.max(wait, next[i] - now - burst * interval)
  reset = math.max(reset, tat - now)
end
if wait > 0 then
  return {0, 0, wait, reset}
end
reset = reset + interval
for i, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.0f', next[i]), 'PX', math.ceil((next[i] - now) / 1000))
end
return {1, math.floor((burst * interval - reset) / interval), 0, reset}
