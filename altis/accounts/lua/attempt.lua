-- One more try for KEYS[1], by GCRA. ARGV: interval in microseconds, burst.
-- Returns 0 and counts the try, or counts nothing and returns the microseconds until the next one is allowed.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + interval
local wait = due - now - burst * interval
if wait > 0 then
  return wait
end
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000))
return 0
